/// The types of the messages of the own protocol (docs/agent.md).
enum OwnKind {
    static let hello: UInt8 = 1
    static let status: UInt8 = 2
    static let unwrap: UInt8 = 3
    static let signDigest: UInt8 = 4
    static let signStatement: UInt8 = 5
    static let add: UInt8 = 6
    static let remove: UInt8 = 7
    static let lock: UInt8 = 8
    static let unlock: UInt8 = 9
    static let stop: UInt8 = 10

    static let failure: UInt8 = 64
    static let done: UInt8 = 65
    static let helloAnswer: UInt8 = 66
    static let statusAnswer: UInt8 = 67
    static let secret: UInt8 = 68
    static let signature: UInt8 = 69

    static let protocolName = "keyctl-agent"
    static let version = 1

    /// The flags of an ADD.
    enum AddFlag {
        static let signs: UInt8 = 1
        static let isServer: UInt8 = 2
        static let all: UInt8 = signs | isServer
    }
}
