import CLibFuzzer
import FuzzTargets
import Glibc

// libFuzzer looks for this symbol, although the function is passed below.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // SAFETY: libFuzzer owns `count` bytes for the length of this call; they are copied.
    FuzzRun.current.take(unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

// Long-lived objects are not leaks, but the leak checker cannot follow all pointers to them: Swift
// stores an enum's case in bits of a pointer, and OpenSSL its random numbers in locked memory.
clibfuzzer_pause_leaks()
FuzzTargets.prepare()
clibfuzzer_watch_leaks()

let words = Array(CommandLine.arguments.dropFirst())
switch words.first {
case "--list":
    Corpus.list()
    fflush(nil)
case "--make-seeds" where words.count == 2: Corpus.makeSeeds(in: words[1])
case "--decoding" where words.count == 3:
    Corpus.printDecoding(in: words[2], words[1])
    fflush(nil)
case "--share" where words.count > 2:
    Corpus.printShare(of: Array(words.dropFirst(2)), words[1])
    fflush(nil)
default:
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
        unsafe CommandLine.unsafeArgv
    // SAFETY: the arguments live as long as the process; the driver calls back on this thread.
    exit(unsafe LLVMFuzzerRunDriver(&count, &arguments) { unsafe testOneInput($0, $1) })
}
