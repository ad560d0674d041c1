internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

enum LifetimeArgument {
    static func read(_ text: String) throws -> Lifetime {
        do { return try Lifetime(text) } catch {
            throw ValidationError("\(error.message); \(error.hint ?? "")")
        }
    }
}
