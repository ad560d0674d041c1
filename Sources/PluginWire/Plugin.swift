/// A plugin written in Swift.
///
/// `PluginMain.run` talks to the host and calls it, on one thread. A `main.swift` is
/// `PluginMain.run(MyPlugin())`.
public protocol Plugin {
    /// The plugin's own version: 1 to 32 visible characters.
    var version: String { get }
    /// What the plugin adds to keyctl. Only requests for these come.
    var offers: [Offer] { get }

    /// Does what the host asks, and returns the data.
    ///
    /// The host checks that they fit the request. Throw `PluginRefusal` to answer with an error; any
    /// other error is answered `internal`, without its text.
    mutating func answer(_ request: PluginRequest, asking host: HostDialogue) throws -> [PluginData]
}
