/// The table of targets.
public enum FuzzTargets {
    /// Every target.
    public static let all: [FuzzTarget] =
        KeyFileTargets.all + [SigningRequestTarget.target, PKCS12Target.target] + AgeTargets.all
        + SignatureTargets.all + PluginTargets.all
        + ShareTargets.all
        + RegistryTargets.all + KeystoreTargets.all + HomeTargets.all + ChatTargets.all
        + TextTargets.all

    /// Returns the target with this name.
    public static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }

    /// Makes what the targets share and keep: keys, the fixed registry, OpenSSL's random numbers.
    public static func prepare() { _ = FuzzWorld.shared.statements.count }
}
