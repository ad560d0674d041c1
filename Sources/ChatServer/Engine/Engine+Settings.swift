import ChatProtocol
import Logging
import SwiftProtobuf

extension Engine {
    /// Lets the program read its settings for an admin, who gets an answer afterwards.
    mutating func readSettings(for port: any SessionPort) {
        guard let name = admin(port, mayOnly: "let the server read its settings") else { return }
        logger.notice("reload", metadata: ["user": "\(name)"])
        waitingForSettings.append(port)
        askForSettings()
    }

    /// Answers the admins who wait; `failure` is empty if the settings were applied.
    mutating func answerReloads(failure: String) {
        let answer = SessionMachine.encode(.with { $0.reloaded.failure = failure })
        for port in waitingForSettings {
            port.tell(.send(answer))
            port.tell(.complete(1))
        }
        waitingForSettings = []
    }
}
