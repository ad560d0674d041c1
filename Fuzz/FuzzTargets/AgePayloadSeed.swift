internal import CryptoCore

@testable import AgeFiles

/// Payloads that are sealed with a known file key, as an input describes them.
enum AgePayloadSeed {
    static let fileKey = [UInt8](repeating: 0x61, count: AgeHeader.fileKeyByteCount)
    private static let chunkHeadByteCount = 3
    private static let lastMark: UInt8 = 1

    /// Returns the nonce, then the chunks that the input describes.
    static func sealed(_ description: [UInt8]) throws -> [UInt8] {
        let nonce = [UInt8](repeating: 0, count: AgePayload.nonceByteCount)
        let fileKey = fileKey
        let key = try AgePayload.key(fileKey: fileKey.borrowedBytes, nonce: nonce)
        let cipher = try ChaChaPoly(key: key.bytes, .sealing)
        var payload = nonce
        var counter = AgeChunkCounter()
        var rest = description[...]
        while rest.count >= chunkHeadByteCount {
            let head = Array(rest.prefix(chunkHeadByteCount))
            rest = rest.dropFirst(chunkHeadByteCount)
            // 0xffff means a full chunk, so that the fuzzer finds one.
            let written = Int(head[0]) << 8 | Int(head[1])
            let count = written == 0xffff ? AgePayload.chunkByteCount : written
            for _ in 0..<(head[2] >> 1) { counter.advance() }
            let chunk = [UInt8](repeating: 0x2e, count: count)
            var sealed = SecretBuffer(count: count + ChaChaPoly.tagByteCount)
            let isLast = head[2] & lastMark != 0
            try sealed.withMutableBytes(0..<sealed.count) { room throws(CryptoError) in
                try cipher.seal(
                    chunk.borrowedBytes,
                    nonce: counter.nonce(isLast: isLast),
                    into: &room
                )
            }
            payload += SecretBytes(copying: sealed.bytes).publicBytes
            counter.advance()
        }
        return payload + rest
    }
}
