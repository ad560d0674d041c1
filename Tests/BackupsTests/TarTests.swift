import Backups
import CryptoCore
import DurableFiles
import TestSupport
import Testing

/// The tar archive inside a backup.
struct TarTests {
    private static let limit = 1 << 20

    private func archive(_ files: [(name: String, path: String)]) throws -> [UInt8] {
        let source = TarSource(
            head: (name: "head", content: Array("first".utf8)),
            files: files,
            limit: TarTests.limit
        )
        var bytes: [UInt8] = []
        var room = SecretBuffer(count: 100)
        while true {
            let count = try room.withMutableBytes(0..<room.count) { try source.read(into: &$0) }
            guard count > 0 else { return bytes }
            bytes += SecretBytes(copying: room.bytes.extracting(first: count)).publicBytes
        }
    }

    private func unpack(_ bytes: [UInt8], into folder: String, by step: Int) throws -> TarSink {
        let sink = TarSink(folder: folder, limit: TarTests.limit)
        for start in stride(from: 0, to: bytes.count, by: step) {
            try sink.write(Array(bytes[start..<min(start + step, bytes.count)]).borrowedBytes)
        }
        return sink
    }

    @Test(arguments: [1, 511, 512, 1000, 1 << 20])
    func `what is packed comes out, in pieces of any size`(step: Int) throws {
        let folder = try TemporaryFolder()
        let files = try ["", "one", String(repeating: "x", count: 512)].enumerated().map {
            (name: "a/b\($0)", path: try folder.write("in\($0)", $1))
        }
        let sink = try unpack(archive(files), into: folder.file("out"), by: step)
        #expect(sink.isEnded)
        #expect(sink.names == ["head", "a/b0", "a/b1", "a/b2"])
        #expect(try folder.read("out/head") == Array("first".utf8))
        #expect(try folder.read("out/a/b2") == [UInt8](repeating: 0x78, count: 512))
    }

    @Test func `headers stand at the beginnings of blocks`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("file", "hello")
        let bytes = try archive([(name: "a/file", path: path)])
        let header = try #require(TarHeader(Array(bytes[1024..<1536])))
        #expect(header.name == "a/file")
        #expect(header.byteCount == 5)
        #expect(bytes.count.isMultiple(of: TarHeader.blockByteCount))
    }

    @Test(arguments: ["../x", "/x", "a//b", "a/./b", "a b", "a/"])
    func `a name that leads out of the folder is refused`(name: String) throws {
        let folder = try TemporaryFolder()
        let header = TarHeader(name: name, mode: 0o600, byteCount: 0)
        let block = try #require(header.encoded)
        #expect(throws: BackupError.self) {
            _ = try unpack(block, into: folder.file("out"), by: 512)
        }
    }

    @Test
    func `a changed header, a large file, special bits, and what follows the end are refused`()
        throws
    {
        let folder = try TemporaryFolder()
        let good = TarHeader(name: "x", mode: 0o600, byteCount: 0)
        var changed = try #require(good.encoded)
        changed[200] = 1
        var large = good
        large.byteCount = TarTests.limit + 1
        var special = good
        special.mode = 0o4600
        let ended = [UInt8](repeating: 0, count: 512) + (good.encoded ?? [])
        let blocks = [changed, large.encoded ?? [], special.encoded ?? [], ended]
        for block in blocks {
            #expect(throws: BackupError.self) {
                _ = try unpack(block, into: folder.file("out"), by: 512)
            }
        }
    }

    @Test func `a name of more than 100 bytes has no header`() {
        let name = String(repeating: "x", count: 101)
        #expect(TarHeader(name: name, mode: 0o600, byteCount: 0).encoded == nil)
        #expect(TarHeader(name: "", mode: 0o600, byteCount: 0).encoded == nil)
        #expect(TarHeader([]) == nil)
    }
}
