internal import ArgumentParser
internal import Glibc

/// A file that was written, as `--json` prints it.
struct WrittenFile: Encodable {
    let version = 1
    let file: String
}
