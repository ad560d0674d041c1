#pragma once
#include <stddef.h>
#include <stdint.h>

// libFuzzer's own entrance, which its headers do not declare for C.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*run)(const uint8_t *bytes, size_t count));
