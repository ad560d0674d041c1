/// The text form of an address, which a user can type again.
public enum AddressText {
    /// Returns `HOST:PORT`, with brackets around an IPv6 address.
    public static func text(host: String, port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
