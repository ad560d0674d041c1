import AgePluginKeyctl
import CommandSupport

@main
enum AgePluginKeyctlMain {
    static func main() { CommandMain.run(AgePluginKeyctl.self) }
}
