import CommandSupport
import KeyctlCommands

@main
enum KeyctlMain {
    static func main() { CommandMain.run(Keyctl.self, allowsExternal: true) }
}
