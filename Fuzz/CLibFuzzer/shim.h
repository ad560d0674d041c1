#pragma once
#include <stddef.h>
#include <stdint.h>

// libFuzzer's own entrance, which its headers do not declare for C.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*run)(const uint8_t *bytes, size_t count));

// What is allocated between the two is no leak: part of LeakSanitizer.
void __lsan_disable(void);
void __lsan_enable(void);

static inline void clibfuzzer_pause_leaks(void) { __lsan_disable(); }
static inline void clibfuzzer_watch_leaks(void) { __lsan_enable(); }
