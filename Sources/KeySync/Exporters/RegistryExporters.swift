/// The table of registry exporters.
public enum RegistryExporters {
    /// Every exporter, in the order in which files are written: the keys that are refused first.
    public static let all: [any RegistryExporter] = [
        RevokedKeysExporter(), AuthorizedKeysExporter(), AllowedSignersExporter(), JWKSExporter(),
        AgeRecipientsExporter(), PEMExporter(), SSHKeysExporter(),
    ]

    /// The stable names of all.
    public static let ids = all.map(\.id)
}
