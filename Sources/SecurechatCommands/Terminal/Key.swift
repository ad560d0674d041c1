/// A key press, as it is decoded from the terminal's bytes.
enum Key: Equatable, Sendable {
    /// A letter, or a part of one, for example an accent that belongs to the letter before.
    case scalar(Unicode.Scalar)
    /// Pasted text, with its line breaks.
    case paste(String)
    case enter, tab, backspace, delete
    case left, right, up, down, home, end
    case wordLeft, wordRight
    case deleteToEnd, deleteToStart, deleteWord, deleteNextWord, yank
    case searchBack, redraw
    /// Ctrl-C, Ctrl-D, Ctrl-Z.
    case interrupt, endOfInput, suspend
}
