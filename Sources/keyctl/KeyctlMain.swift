import CommandSupport
import KeyctlCommands

@main
enum KeyctlMain {
    static func main() {
        CommandMain.run(
            Keyctl.self,
            otherNames: ["keyctl-ssh-sign": ["git", "ssh-sign"]],
            allowsExternal: true
        )
    }
}
