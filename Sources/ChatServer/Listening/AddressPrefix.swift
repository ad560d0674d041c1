import Glibc
import NIOCore

/// The part of an address that one owner usually controls: an IPv4 address or an IPv6 /64.
struct AddressPrefix: Hashable {
    private static let ipv6ByteCount = 8
    // The network that a provider usually gives to one customer: an IPv6 /48.
    private static let ipv6NetworkByteCount = 6
    private static let ipv4NetworkByteCount = 3
    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xff, 0xff]

    private let bytes: [UInt8]
    /// Whether the address is the loopback of this machine.
    let isLoopback: Bool

    private init(bytes: [UInt8], isLoopback: Bool) {
        self.bytes = bytes
        self.isLoopback = isLoopback
    }

    init(_ address: SocketAddress?) {
        self.init(packed: AddressPrefix.packed(address?.ipAddress ?? ""))
    }

    /// Returns the 4 or 16 bytes of an address in text form; no bytes for other text.
    private static func packed(_ text: String) -> [UInt8] {
        // A zone may follow the address: fe80::1%eth0.
        let address = String(text.prefix { $0 != "%" })
        let (family, count) = address.contains(":") ? (AF_INET6, 16) : (AF_INET, 4)
        var bytes = [UInt8](repeating: 0, count: count)
        // SAFETY: inet_pton writes as many bytes as its family has.
        let status = unsafe inet_pton(family, address, &bytes)
        return status == 1 ? bytes : []
    }

    /// Takes the 4 or 16 bytes of an address.
    init(packed: [UInt8]) {
        let isMapped = packed.count == 16 && packed.starts(with: AddressPrefix.mapped)
        let plain = isMapped ? Array(packed.dropFirst(AddressPrefix.mapped.count)) : packed
        let isLoopback =
            plain.count == 4
            ? plain[0] == 127
            : plain.count == 16 && plain.dropLast().allSatisfy { $0 == 0 } && plain[15] == 1
        self.init(
            bytes: plain.count == 16 ? Array(plain.prefix(AddressPrefix.ipv6ByteCount)) : plain,
            isLoopback: isLoopback
        )
    }

    /// The network around the prefix: an IPv4 /24 or an IPv6 /48.
    var network: AddressPrefix {
        let count =
            bytes.count == AddressPrefix.ipv6ByteCount
            ? AddressPrefix.ipv6NetworkByteCount : AddressPrefix.ipv4NetworkByteCount
        return AddressPrefix(bytes: Array(bytes.prefix(count)), isLoopback: isLoopback)
    }

    /// The prefix as text, for the keys of tables.
    var key: String { bytes.map(String.init).joined(separator: ".") }
}
