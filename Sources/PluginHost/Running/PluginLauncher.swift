internal import Glibc
internal import Keystore
internal import PluginProcess
internal import PluginWire

/// How a plugin's process is made: arguments, environment, limits, and what it may open.
struct PluginLauncher: Sendable {
    private static let argument = "--keyctl-plugin"
    private static let passedVariables = ["HOME", "XDG_RUNTIME_DIR"]

    let home: Home

    /// Describes the process; throws `PluginHostError` if the kernel has Landlock and refuses it.
    func program(_ path: String, variables: [String]) throws -> PluginProgram {
        var environment = ["PATH=/usr/bin:/bin", "LANG=C.UTF-8"]
        for name in PluginLauncher.passedVariables + variables {
            guard let value = unsafe getenv(name) else { continue }
            environment.append("\(name)=\(unsafe String(cString: value))")
        }
        return PluginProgram(
            path: path,
            arguments: [PluginLauncher.argument],
            environment: .only(environment),
            forbidsNewPrivileges: true,
            largestOutputByteCount: PluginLimits.byteCount,
            hiddenFolder: HiddenFolder(home.path, except: [path])
        )
    }

    /// Throws `PluginHostError` for a variable that no plugin gets.
    static func require(_ variables: [String]) throws {
        for variable in variables where !allows(variable) {
            throw PluginHostError.badVariable(variable)
        }
    }

    /// The variables of the user's that a plugin that came with keyctl gets: for `pkcs11`, those by
    /// which modules of tokens find their settings.
    static func variables(ofShipped name: PluginName) -> [String] {
        guard name.description == "pkcs11" else { return [] }
        return ["PKCS11_MODULE_PATH", "SOFTHSM2_CONF", "OPENSC_CONF", "P11_KIT_STRICT"]
    }

    /// Whether a variable of the user's may be given to a plugin.
    static func allows(_ variable: String) -> Bool {
        let characters = variable.utf8
        let isName =
            (1...64).contains(characters.count)
            && characters.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, 95: true
                default: false
                }
            }
        let isOurs = ["PATH", "LANG"].contains(variable) || variable.hasPrefix("KEYCTL_")
        return isName && !isOurs && !variable.hasPrefix("LD_")
    }
}
