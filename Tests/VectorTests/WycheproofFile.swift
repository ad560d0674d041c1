import CryptoCore
import Foundation
import Testing

/// A file of Wycheproof, read so that an unknown field is an error.
struct WycheproofFile {
    typealias Fields = [String: Any]

    let name: String
    let algorithm: String
    let count: Int
    let groups: [Fields]

    private static let groupFields: [String: Set<String>] = [
        "AeadTest": ["ivSize", "keySize", "tagSize"],
        "EcdsaVerify": ["publicKey", "publicKeyDer", "publicKeyPem", "sha"],
        "HkdfTest": ["keySize"],
        "MacTest": ["keySize", "tagSize"],
        "JsonWebKey": ["comment", "private", "public"],
        "PbeTest": [],
        "PrimalityTest": [],
        "RsaesOaepDecrypt": [
            "keySize", "mgf", "mgfSha", "privateKey", "privateKeyJwk", "privateKeyPem",
            "privateKeyPkcs8", "sha",
        ],
        "RsassaPkcs1Generate": [
            "keyAsn", "keyDer", "keyJwk", "keyPem", "keySize", "privateKey", "privateKeyJwk",
            "privateKeyPem", "privateKeyPkcs8", "sha",
        ],
        "RsassaPssVerify": [
            "keySize", "mgf", "mgfSha", "publicKey", "publicKeyAsn", "publicKeyDer",
            "publicKeyJwk", "publicKeyPem", "sLen", "sha",
        ],
        "RsassaPkcs1Verify": [
            "keyJwk", "keySize", "publicKey", "publicKeyAsn", "publicKeyDer", "publicKeyPem", "sha",
        ],
    ]
    private static let caseFields: [String: Set<String>] = [
        "AeadTest": ["aad", "ct", "iv", "key", "msg", "tag"],
        "EcdsaVerify": ["msg", "sig"],
        "HkdfTest": ["ikm", "info", "okm", "salt", "size"],
        "MacTest": ["key", "msg", "tag"],
        "JsonWebKey": ["jws"],
        "PbeTest": ["ct", "iterationCount", "iv", "msg", "password", "salt"],
        "PrimalityTest": ["value"],
        "RsaesOaepDecrypt": ["ct", "label", "msg"],
        "RsassaPkcs1Generate": ["msg", "sig"],
        "RsassaPssVerify": ["msg", "sig"],
        "RsassaPkcs1Verify": ["msg", "sig"],
    ]

    /// Reads a file; fails if it has an unknown kind or field.
    init(_ path: String) throws {
        name = URL(filePath: path).lastPathComponent
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
        let root = try #require(json as? Fields)
        algorithm = root["algorithm"] as? String ?? ""
        count = try #require(root["numberOfTests"] as? Int)
        groups = try #require(root["testGroups"] as? [Fields])
        for group in groups {
            let type = try #require(group["type"] as? String)
            let known = try #require(WycheproofFile.groupFields[type], "\(name): kind \(type)")
            let knownInCase = try #require(WycheproofFile.caseFields[type])
            let fields = Set(group.keys).subtracting(["type", "source", "tests"])
            try #require(fields.isSubset(of: known), "\(name): \(fields.subtracting(known))")
            for test in try #require(group["tests"] as? [Fields]) {
                let fields = Set(test.keys).subtracting(["tcId", "comment", "flags", "result"])
                try #require(
                    fields.isSubset(of: knownInCase),
                    "\(name): \(fields.subtracting(knownInCase))"
                )
            }
        }
    }
}

extension [String: Any] {
    func hex(_ name: String) throws -> [UInt8] {
        try #require(Hexadecimal.decode(try text(name)), "\(name) is no hexadecimal")
    }

    func text(_ name: String) throws -> String { try #require(self[name] as? String, "\(name)") }

    func number(_ name: String) throws -> Int { try #require(self[name] as? Int, "\(name)") }
}
