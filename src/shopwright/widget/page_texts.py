"""What the pages of the full-page chat say by themselves, by language."""

TEXTS = {
    "en": {
        "noscript": "This chat needs JavaScript. Switch it on in your browser's settings and load the page again.",
        "title": "There is no chat here",
        "text": "The address may be mistyped, or the shop has switched this chat off. Ask the shop for its address.",
    },
    "de": {
        "noscript": "Dieser Chat braucht JavaScript. Schalten Sie es im Browser ein und laden Sie die Seite neu.",
        "title": "Hier ist kein Chat",
        "text": "Vielleicht ist die Adresse vertippt, oder der Shop hat den Chat abgeschaltet. Fragen Sie den Shop.",
    },
}
