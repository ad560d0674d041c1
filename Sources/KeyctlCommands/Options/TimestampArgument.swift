internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry
internal import Signatures

enum TimestampArgument {
    static func read(_ text: String) throws -> Timestamp {
        do throws(KeyFormatError) { return try Timestamp(text) } catch {
            throw ValidationError(
                [error.message, error.hint].compactMap(\.self).joined(separator: ": ")
            )
        }
    }
}
