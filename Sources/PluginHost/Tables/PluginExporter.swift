internal import KeyFormats
internal import KeySync
internal import PluginWire

/// Files for another program that a plugin writes (`export-v1`).
struct PluginExporter: RegistryExporter {
    let id: String
    let title: String
    private let offer: OfferID
    private let session: PluginSession

    init(_ offer: Offer, _ session: PluginSession) {
        id = offer.id.description
        title = offer.title
        self.offer = offer.id
        self.session = session
    }

    func files(_ keys: ExportedKeys) throws -> [SyncedFile] {
        try session.perform(.exportFiles(offer, keys: keys.lines)).map { data in
            guard case .exportedFile(let path, let content) = data else {
                throw PluginHostError.wrongAnswer(session.name, "no file")
            }
            return SyncedFile(path: path, content: content)
        }
    }
}
