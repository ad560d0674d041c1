internal import ArgumentParser

/// The value of `--shares K/N`: the number of shares, and the number that opens the backup.
struct ShareCounts {
    let threshold: Int
    let count: Int

    static func read(_ text: String) throws -> ShareCounts {
        let parts = text.split(separator: "/").map { Int($0) ?? 0 }
        guard parts.count == 2, (2...16).contains(parts[1]), (2...parts[1]).contains(parts[0])
        else {
            throw ValidationError(
                "--shares must be written as K/N, such as 2/3 for any 2 of 3; N is at most 16"
            )
        }
        return ShareCounts(threshold: parts[0], count: parts[1])
    }
}
