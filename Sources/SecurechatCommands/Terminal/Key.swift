/// What a person does on a keyboard, as the terminal tells it.
enum Key: Equatable, Sendable {
    /// A letter, or a part of one: an accent that belongs to the letter before.
    case scalar(Unicode.Scalar)
    /// Text that was pasted, with its line breaks.
    case paste(String)
    case enter, tab, backspace, delete
    case left, right, up, down, home, end
    case wordLeft, wordRight
    case deleteToEnd, deleteToStart, deleteWord, deleteNextWord, yank
    case searchBack, redraw
    /// Ctrl-C, Ctrl-D, Ctrl-Z.
    case interrupt, endOfInput, suspend
}
