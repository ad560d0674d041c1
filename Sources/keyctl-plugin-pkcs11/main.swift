import PKCS11Plugin
import PluginWire

PluginMain.run(TokenProvider())
