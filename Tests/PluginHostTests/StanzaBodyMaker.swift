import Stanzas

enum StanzaBodyMaker {
    static func body(_ text: String) -> StanzaBody { StanzaBody(Array(text.utf8)) }
}
