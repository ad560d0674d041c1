/// Prints an address in the form in which a user can type it.
public enum AddressText {
    /// Returns `HOST:PORT`, with brackets around an IPv6 address.
    public static func text(host: String, port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
