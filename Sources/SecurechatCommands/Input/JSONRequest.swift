import ChatClient
import ChatProtocol
import Failures
import FoundationEssentials

/// One line of a program's input: `{"send": "text"}` or `{"command": "/history 20"}`.
///
/// Its `ref` is returned with the answer.
struct JSONRequest: Sendable {
    /// The longest `ref`, in bytes.
    static let largestReferenceByteCount = 256

    /// The input for the client; `nil` if there is nothing to do, for example for an empty text.
    let input: ClientInput?

    /// Reads a line, which must be one object with known fields; throws `RefusedRequest` otherwise.
    init(line: String) throws(RefusedRequest) {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(line.utf8)) else {
            throw RefusedRequest(.notAnObject, reference: nil)
        }
        let reference = fields.texts["ref"]
        if let unknown = fields.others.first {
            throw RefusedRequest(.unknownField(unknown), reference: reference)
        }
        if let reference, reference.utf8.count > JSONRequest.largestReferenceByteCount {
            throw RefusedRequest(.longReference, reference: nil)
        }
        switch (fields.texts["send"], fields.texts["command"]) {
        case (let text?, nil): input = text.isEmpty ? nil : .say(text, reference: reference)
        case (nil, let command?) where command.hasPrefix("/") && !command.hasPrefix("//"):
            do throws(ChatError) {
                input = try ClientInput.parse(line: command)
            } catch {
                throw RefusedRequest(error, reference: reference)
            }
        case (nil, nil), (_?, _?), (nil, _?):
            throw RefusedRequest(.notOneRequest, reference: reference)
        }
    }

    /// The fields of an object: the known fields with a text, and the names of all others.
    private struct Fields: Decodable {
        private static let known: Set<String> = ["send", "command", "ref"]
        var texts: [String: String] = [:]
        var others: [String] = []

        struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            for key in container.allKeys {
                if Fields.known.contains(key.stringValue) {
                    if let text = try? container.decode(String.self, forKey: key) {
                        texts[key.stringValue] = text
                        continue
                    }
                }
                others.append(key.stringValue)
            }
            others.sort()
        }
    }
}

/// The error for a line of a program's input that is not a valid request.
struct RefusedRequest: Error {
    /// The reason of the refusal.
    let error: ChatError
    /// The `ref` of the request; `nil` if it could not be read.
    let reference: String?

    init(_ error: ChatError, reference: String?) {
        self.error = error
        self.reference = reference
    }
}

extension ChatError {
    private static let requestHint =
        "write {\"send\": \"text\"} or {\"command\": \"/history 20\"} on one line; "
        + "with --text-only each line is a message"

    static var notAnObject: ChatError {
        ChatError(
            .unknownCommand,
            "with --json a line of input must be one JSON object, and this line is not one",
            hint: requestHint
        )
    }

    static var notOneRequest: ChatError {
        ChatError(
            .unknownCommand,
            "an object must hold either \"send\" or a \"command\" that starts with one slash",
            hint: requestHint
        )
    }

    static var longReference: ChatError {
        ChatError(
            .unknownCommand,
            "a \"ref\" has at most \(JSONRequest.largestReferenceByteCount) bytes"
        )
    }

    static func unknownField(_ name: String) -> ChatError {
        ChatError(
            .unknownCommand,
            "an object holds \"send\", \"command\" and \"ref\", each a text; "
                + "\"\(name.prefix(60))\" is another field, or not a text",
            hint: requestHint
        )
    }
}
