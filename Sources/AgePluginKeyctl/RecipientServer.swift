internal import AgePlugins

/// `recipient-v1`: there is nothing to do, as age itself encrypts for RSA keys.
enum RecipientServer {
    private static let refusal =
        "age encrypts for an RSA key itself: age -r \"$(keyctl export NAME --format ssh)\""

    static func run(_ service: consuming PluginService) throws {
        var request = RecipientRequest()
        while try request.receive(service.next()) {}
        for index in 0..<request.recipientCount {
            try service.send(PluginFrame("error", ["recipient", "\(index)"], text: refusal))
        }
        for index in 0..<request.identityCount {
            try service.send(PluginFrame("error", ["identity", "\(index)"], text: refusal))
        }
        try service.finish()
    }
}
