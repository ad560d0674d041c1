import AgeFiles
import CryptoCore
import DurableFiles
import Failures
import Foundation
import Testing

@Suite(.enabled(if: VectorFolder.isThereOrRequired))
struct AgeVectorTests {
    private static let fields: Set<String> = [
        "expect", "payload", "file key", "identity", "passphrase", "armored", "compressed",
        "comment",
    ]
    /// Vectors of the post-quantum recipients.
    private static let hybridCount = 15

    @Test func `every file is opened or refused as its header says`() throws {
        var tally = Tally(name: "age")
        let paths = try VectorFolder.files("age")
        for path in paths {
            let name = URL(filePath: path).lastPathComponent
            let vector = try Vector(path)
            tally.ran += 1
            #expect(try outcome(of: vector) == vector.expected, "\(name)")
        }
        #expect(tally.ran == paths.count)
        let hybrid = paths.filter { URL(filePath: $0).lastPathComponent.contains("hybrid") }
        #expect(hybrid.count == AgeVectorTests.hybridCount)
        tally.report()
    }

    private func outcome(of vector: Vector) throws -> Expectation {
        let sink = HashingSink()
        var identities: [any AgeIdentity] = try vector.identities.map { text in
            let identity = RecipientKinds.identity(Array(text.utf8).borrowedBytes)
            return try #require(identity)
        }
        identities += vector.passphrases.map { text in
            AgeScrypt.Identity { Passphrase(SecretBytes(copying: Array(text.utf8).borrowedBytes)) }
        }
        do {
            let reader = try AgeReader(ArraySource(vector.file), armored: vector.isArmored)
            guard let opening = try reader.open(identities) else {
                return Expectation("no match", nil)
            }
            if let fileKey = vector.fileKey, vector.expected.what == "success" {
                #expect(opening.fileKey.publicBytes == fileKey)
            }
            try reader.decrypt(opening.fileKey.bytes, to: sink)
            return Expectation("success", sink.digest)
        } catch let error as AgeError {
            switch error.code {
            case .header: return Expectation("header failure", nil)
            case .headerMAC: return Expectation("HMAC failure", nil)
            case .armor: return Expectation("armor failure", nil)
            case .payload: return Expectation("payload failure", sink.digest)
            case .noMatch, .wrongPassphrase, .key: return Expectation("no match", nil)
            }
        }
    }

    struct Expectation: Equatable {
        let what: String
        /// SHA-256 of the released payload, if the vector gives it.
        let payload: String?

        init(_ what: String, _ payload: String?) {
            self.what = what
            self.payload = payload
        }
    }

    /// One vector: lines of `key: value`, an empty line, and the file.
    struct Vector {
        var expected = Expectation("", nil)
        var identities: [String] = []
        var passphrases: [String] = []
        var fileKey: [UInt8]?
        var file: [UInt8] = []
        var isArmored = false

        init(_ path: String) throws {
            let bytes = try VectorFolder.bytes(path)
            var position = 0
            var what = ""
            var payload: String?
            var isCompressed = false
            while true {
                let end = try #require(bytes[position...].firstIndex(of: UInt8(ascii: "\n")))
                let line = String(decoding: bytes[position..<end], as: UTF8.self)
                position = end + 1
                if line.isEmpty { break }
                let colon = try #require(line.range(of: ": "))
                let (key, value) = (
                    String(line[..<colon.lowerBound]), String(line[colon.upperBound...])
                )
                try #require(AgeVectorTests.fields.contains(key), "\(path): \(key)")
                switch key {
                case "expect": what = value
                case "payload": payload = value
                case "identity": identities.append(value)
                case "passphrase": passphrases.append(value)
                case "file key": fileKey = Hexadecimal.decode(value)
                case "armored": isArmored = value == "yes"
                case "compressed":
                    try #require(value == "zlib")
                    isCompressed = true
                default: break
                }
            }
            expected = Expectation(what, payload)
            file = Array(bytes[position...])
            if isCompressed { file = try Vector.inflated(file) }
        }

        /// Inflates with Python, because Foundation on Linux has no zlib.
        private static func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/python3")
            process.arguments = [
                "-c",
                "import sys,zlib;sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read()))",
            ]
            let (input, output) = (Pipe(), Pipe())
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            let feed = Data(bytes)
            Thread.detachNewThread {
                try? input.fileHandleForWriting.write(contentsOf: feed)
                try? input.fileHandleForWriting.close()
            }
            let whole = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
            return [UInt8](whole)
        }
    }
}

/// A source of bytes in memory, handed out in pieces of odd sizes.
final class ArraySource: ByteSource {
    private let bytes: [UInt8]
    private var position = 0
    private static let pieceByteCount = 4093

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(into room: inout MutableRawSpan) throws -> Int {
        let count = min(bytes.count - position, room.byteCount, ArraySource.pieceByteCount)
        let piece = Array(bytes[position..<(position + count)])
        room.copy(piece.borrowedBytes, to: 0)
        position += count
        return count
    }
}

/// A sink that keeps the bytes and computes their SHA-256.
final class HashingSink: ByteSink {
    private(set) var bytes: [UInt8] = []

    func write(_ piece: RawSpan) throws { bytes += SecretBytes(copying: piece).publicBytes }

    var digest: String { SHA256Digest(hashing: bytes).description }
}
