internal import ArgumentParser
internal import CommandSupport

/// A table of text; each column is as wide as its widest cell.
enum Table {
    static func print(_ heading: [String], _ rows: [[String]]) {
        let widths = heading.indices.map { column in
            ([heading] + rows).map { $0[column].count }.max() ?? 0
        }
        for row in [heading] + rows {
            var line = ""
            for (cell, width) in zip(row, widths).dropLast() {
                line += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            Report.result(line + (row.last ?? ""))
        }
    }
}
