internal import CryptoCore

/// What a complete answer has.
extension PluginRequest {
    func requireComplete(_ data: [PluginData], hasSigned: Bool) throws(WireError) {
        let isComplete =
            switch self {
            case .generate, .open, .sign, .unwrap, .writePublicKey, .writePrivateKey, .secret:
                data.count == 1
            case .list: true
            case .delete: data.isEmpty
            case .readKeys, .readSignature: !data.isEmpty
            case .makeSignature: data.count == 1 && hasSigned
            case .exportFiles(let id, _): PluginRequest.areFiles(data, of: id)
            }
        guard isComplete else {
            throw WireError.violation("the answer to \"\(type)\" is not complete")
        }
    }

    /// Whether the files are one file ID, or files in the folder ID; no two have one path.
    private static func areFiles(_ data: [PluginData], of id: OfferID) -> Bool {
        var paths: Set<String> = []
        for case .exportedFile(let path, _) in data { paths.insert(path) }
        guard paths.count == data.count else { return false }
        if paths.contains(id.description) { return paths.count == 1 }
        // A file cannot be a folder, too.
        return !paths.contains { path in
            let parts = path.split(separator: "/")
            return (1..<max(parts.count, 1)).contains {
                paths.contains(parts.prefix($0).joined(separator: "/"))
            }
        }
    }

    /// Throws unless a plugin may have bytes signed now: once, and only a structure that contains
    /// the digest of the file that the user signs.
    func requireSignable(
        _ scheme: SignatureScheme,
        _ bytes: [UInt8],
        hasSigned: Bool
    ) throws(WireError) {
        guard case .makeSignature(_, let digest, _, _) = self, !hasSigned else {
            throw WireError.violation("the question \"sign\" cannot come here")
        }
        guard PluginRequest.contains(bytes, digest) else {
            throw WireError.violation("the bytes to sign do not contain the file's digest")
        }
    }

    /// Whether bytes contain a digest.
    static func contains(_ bytes: [UInt8], _ digest: [UInt8]) -> Bool {
        guard bytes.count >= digest.count else { return false }
        return (0...(bytes.count - digest.count)).contains {
            bytes[$0..<($0 + digest.count)].elementsEqual(digest)
        }
    }
}
