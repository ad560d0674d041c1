#include <stdio.h>
#include <editline/readline.h>

// Globals are refused by Swift's concurrency checking: each gets a function.
static inline void ceditline_set_completion(rl_completion_func_t *complete) {
    rl_attempted_completion_function = complete;
}

static inline void ceditline_set_completion_over(void) { rl_attempted_completion_over = 1; }

static inline FILE *ceditline_stdout(void) { return stdout; }
