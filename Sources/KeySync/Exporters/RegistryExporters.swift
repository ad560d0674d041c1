/// The table of registry exporters.
public enum RegistryExporters {
    /// All exporters, in the order in which their files are written: revoked keys first.
    public static let all: [any RegistryExporter] = [
        RevokedKeysExporter(), AuthorizedKeysExporter(), AllowedSignersExporter(), JWKSExporter(),
        AgeRecipientsExporter(), PEMExporter(), SSHKeysExporter(),
    ]

    /// The stable names of all exporters.
    public static let ids = all.map(\.id)
}
