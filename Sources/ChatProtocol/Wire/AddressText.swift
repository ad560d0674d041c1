/// An address as it is printed: as it can be typed again.
public enum AddressText {
    /// `HOST:PORT`, with brackets around an IPv6 address.
    public static func text(host: String, port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
