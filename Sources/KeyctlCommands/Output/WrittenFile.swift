internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import Glibc
internal import KeyFormats

/// A file that was written, as `--json` tells of it.
struct WrittenFile: Encodable {
    let version = 1
    let file: String
}
