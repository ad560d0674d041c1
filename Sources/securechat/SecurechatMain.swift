import CommandSupport
import SecurechatCommands

@main
enum SecurechatMain {
    static func main() async { await CommandMain.run(Securechat.self) }
}
