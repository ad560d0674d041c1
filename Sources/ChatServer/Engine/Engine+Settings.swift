import ChatProtocol
import Logging
import SwiftProtobuf

extension Engine {
    /// Asks the program to read its settings for an admin, who gets an answer afterwards.
    mutating func readSettings(for port: any SessionPort) {
        guard let name = admin(port, mayOnly: "let the server read its settings") else { return }
        logger.notice("reload", metadata: ["user": "\(name)"])
        waitingForSettings.append(port)
        beginReadingSettings()
    }

    /// Answers the admins for whom the settings were read; `failure` is empty if they were applied.
    mutating func answerReloads(failure: String) {
        let answer = SessionMachine.encode(.with { $0.reloaded.failure = failure })
        for port in settingsReaders {
            port.tell(.send(answer))
            port.tell(.complete(1))
        }
        settingsReaders = []
        beginReadingSettings()
    }

    /// Starts one read at a time.
    ///
    /// An admin who asks during a read waits for the next one, which sees the newest file.
    private mutating func beginReadingSettings() {
        guard settingsReaders.isEmpty, !waitingForSettings.isEmpty else { return }
        settingsReaders = waitingForSettings
        waitingForSettings = []
        askForSettings()
    }
}
