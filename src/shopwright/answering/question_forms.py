"""How questions ask: expressions for the beginnings of questions, and the kind of answer that each wants."""

_AUX = r"(?i:is|are|was|were|do|does|did|can|could|will|would|shall|should|may|might|must|has|have|had)"
_STOP = (
    rf"(?:{_AUX}|(?i:i|you|we|they|he|she|it|there|this|that|these|those|the|a|an|my|your|our|their|of|for|in|on|at|to|"
    r"from|with|by|about|into|after|before|until|when|where|if|and|or|but|per|within|during|between|without|than|as))"
)
_THE = r"(?i:(?:the|a|an|your|my|our|their|this|that)\s+)?"
_NOUN = rf"(?:(?!{_STOP}\b)[^\W_][\w'’&-]*(?:\s+|(?=[?.,!;:]|$)))"
# A question may begin inside a sentence: behind a comma or one of these.
_BEGINS = (
    r"(?i:^|(?<=[,:] )|(?<=\band )|(?<=\buntil )|(?<=\bsince )|(?<=\bby )|(?<=\bfrom )|(?<=\bto )|(?<=\bat )|"
    r"(?<=\bin )|(?<=\bon )|(?<=\bfor )|(?<=\bwith )|(?<=\bknow )|(?<=\bme ))"
)
# In German nouns have capitals; between "welche" and its noun may be other words, but no preposition.
_GERMAN_NOUN = r"[A-ZÄÖÜ][\w-]*"
_SMALL = r"(?:(?!(?:zu[rm]?|in|im|mit|auf|an|am|bei|von|vom|für|nach|aus)\b)[a-zäöüß]\w*\s+){0,3}?"
_GERMAN_ASKS = r"(?i:wer|wem|wen|wie|wann|wo|woher|warum|welche[rsnm]?|wie ?viele?)"

# Tried at each place in this order. The first part is the kind of answer: a detail of `detail_words`, or `count`,
# `amount`, `name`, `yes_no`; empty where the noun says it. A group `n` holds the nouns that say what is asked, `v` the
# verb.
FORMS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("weight", r"\b(?i:how heavy|(?:how much|what) (?:do|does|did)\b[^?.]*\bweigh)\b"),
        ("price", r"\b(?i:what (?:do|does|did|will|would)\b[^?.]*\b(?:costs?|charge|pay)|how (?:expensive|cheap))\b"),
        ("volume", r"\b(?i:how much (?:do|does|can)\b[^?.]*\bhold)\b"),
        ("price", r"\b(?i:(?:what|which) (?:minimum )?(?:order|purchase|basket|invoice) (?:value|amount|total|sum))\b"),
        ("year", r"\b(?i:(?:what|which) years?|since when|how long (?:have|has) you(?:r \w+)? (?:been|existed))\b"),
        ("when", r"\b(?i:(?:what|which) (?:dates?|days?|months?|seasons?))\b"),
        (
            "carrier",
            (
                r"\b(?i:(?:which|what) (?:parcel|shipping|delivery|courier|postal|carrier|post|freight) "
                r"(?:company|service|firm|provider))\b"
            ),
        ),
        ("brand", r"\b(?i:(?:which|what) make)\b"),
        ("name", r"\b(?i:what(?:['’]?s| is| are| was| were) (?:the|your|its) (?:full )?names? of)\b"),
        (
            "duration",
            r"\b(?i:how (?:long|soon|quick|quickly|fast|(?:far|early|much|many days) (?:in advance|ahead|before)))\b",
        ),
        ("height", r"\b(?i:how tall)\b"),
        ("width", r"\b(?i:how (?:wide|broad))\b"),
        ("depth", r"\b(?i:how (?:deep|thick))\b"),
        ("length", r"\b(?i:how far)\b"),
        ("age", r"\b(?i:how old)\b"),
        ("time", r"\b(?i:how (?:late|early)|what time)\b"),
        ("temperature", r"\b(?i:how (?:hot|warm|cold))\b"),
        ("", rf"\b(?i:how (?:high|large|big))\s+{_AUX}\s+{_THE}(?P<n>{_NOUN}{{1,3}})"),
        (
            "price",
            r"\b(?i:how much)\s+(?=(?i:is|are|was|were|for|to|it)\b|\?|[^?.]*\b(?i:costs?|pay|charged?|spend)\b)",
        ),
        (
            "amount",
            (
                r"\b(?i:how much)\s+"
                r"(?=(?i:do|does|did|will|would|must|should|can|more|less|higher|lower|longer|faster)\b)"
            ),
        ),
        ("count", rf"\b(?i:how many)\s+(?P<n>{_NOUN}{{1,3}})"),
        ("amount", rf"\b(?i:how much)\s+(?P<n>{_NOUN}{{1,2}})"),
        ("", rf"\b(?i:(?:which|what)\s+(?:kind|type|sort|make)s?\s+of)\s+(?P<n>{_NOUN}{{1,3}})"),
        ("", rf"{_BEGINS}(?i:what(?:['’]?s| is| are| was| were))\s+{_THE}(?P<n>{_NOUN}{{1,4}})"),
        (
            "",
            rf"\b(?i:which|{_BEGINS}what)\s+(?!(?i:makes?|happen\w*|else|kind|type|sort)\b)(?P<n>{_NOUN}{{1,3}})",
        ),
        ("", rf"^(?i:who(?:['’]?s| is| are| was| were))\s+{_THE}(?P<n>{_NOUN}{{1,3}})"),
        ("who", rf"^(?i:who|whose|whom)\s+(?P<v>{_NOUN})"),
        ("when", rf"{_BEGINS}(?i:when)(?=\s+{_AUX}\b|\?)"),
        ("", r"^(?i:where)\s+(?i:can|do|does|should|must|may|will|could)\s+(?i:i|we|you|one)\s+(?P<v>\w+)"),
        ("", r"^(?i:where)\s+(?i:is|are|was|were)\b[^?.]*?(?P<v>\w+(?:ed|wn|de|lt|ld|nt|pt))(?=\?|$)"),
        (
            "yes_no",
            (
                rf"^{_AUX}\s+(?i:i|you|we|they|it|there|one|anyone|somebody)\s+"
                r"(?i:(?:still|also|only|even|ever|really)\s+)?(?P<v>\w+)"
            ),
        ),
        ("yes_no", rf"^{_AUX}\b"),
    ),
    "de": (
        (
            "price",
            r"\b(?i:wie teuer|was (?:kostet|kosten|zahle|zahlen|bezahle|bezahlt)|was\b[^?.]*\bkosten)\b",
        ),
        (
            "carrier",
            (
                r"\b(?i:welche[rsnm]? "
                r"(?:paketdienst\w*|versanddienst\w*|lieferdienst\w*|transportunternehmen|spedition))\b"
            ),
        ),
        ("year", r"\b(?i:welche[rsnm]? (?:jahr|jahre|jahren)|seit wann|wie lange gibt es)\b"),
        ("when", r"\b(?i:welche[rsnm]? (?:tag|tage|tagen|datum|monat))\b"),
        ("weight", r"\b(?i:wie schwer|(?:wie ?viel|was) (?:wiegt|wiegen))\b"),
        ("duration", r"\b(?i:wie (?:weit|früh|lange|viele tage) (?:im voraus|vorher|davor))\b"),
        ("duration", r"\b(?i:wie (?:lange|schnell|bald))\b"),
        ("width", r"\b(?i:wie breit)\b"),
        ("depth", r"\b(?i:wie (?:tief|dick))\b"),
        ("length", r"\b(?i:wie (?:lang|weit))\b"),
        ("age", r"\b(?i:wie alt)\b"),
        ("time", r"\b(?i:um wie ?viel uhr|wie (?:spät|früh))\b"),
        ("temperature", r"\b(?i:wie (?:heiß|warm|kalt))\b"),
        (
            "",
            (
                rf"\b(?i:wie (?:hoch|groß))\s+(?i:ist|sind|war|waren|liegt|lag|wird|darf|fällt)\s+{_SMALL}"
                rf"(?P<n>{_GERMAN_NOUN})"
            ),
        ),
        ("height", r"\b(?i:wie hoch)\b"),
        ("size", r"\b(?i:wie groß)\b"),
        ("count", rf"\b(?i:wie ?viele?n?)\s+(?P<n>{_GERMAN_NOUN})"),
        ("amount", r"\b(?i:wie ?viel (?:mehr|weniger|länger|schneller|größer|höher))\b"),
        ("price", r"\b(?i:wie ?viel)\b(?=[^?.]*(?i:kost|zahl|verlang|berechn)| (?i:ist|macht|sind)\b)"),
        ("amount", r"\b(?i:wie ?viel)\b"),
        ("", rf"\b(?i:wie)\s+(?i:lautet|lauten|heißt|heißen|ist|sind)\s+{_SMALL}(?P<n>{_GERMAN_NOUN})"),
        ("", rf"\b(?i:welche[rsnm]?)\s+{_SMALL}(?P<n>{_GERMAN_NOUN})"),
        ("", rf"\b(?i:was)\s+(?i:ist|sind|war)\s+{_SMALL}(?P<n>{_GERMAN_NOUN})"),
        ("", rf"\b(?i:wer|wessen)\s+(?i:ist|sind|war)\s+{_SMALL}(?P<n>{_GERMAN_NOUN})"),
        ("who", r"^(?i:wer|wem|wen)\s+(?P<v>\w+)"),
        ("origin", r"\b(?i:woher)\b"),
        ("material", r"\b(?i:woraus (?:besteh\w*|ist|sind|gemacht))\b"),
        ("when", r"\b(?i:wann)\b"),
        ("", r"^(?i:wo|wohin)\b[^?.]*?(?P<v>[a-zäöüß]{2,}(?:en|[tn]))(?=\?|$)"),
        ("yes_no", rf"^(?![^?.]*\b{_GERMAN_ASKS}\b)(?i:[a-zäöü]+(?:t|en|ern|eln)|darf|kann|soll|muss)\b"),
    ),
    "fr": (
        (
            "price",
            (
                r"(?i:combien (?:ça |cela )?(?:coûte|coute|faut-il payer)|"
                r"quel(?:le)?s? (?:est|sont) (?:le |les )?(?:prix|tarif|frais|coût))"
            ),
        ),
        (
            "duration",
            (
                r"(?i:combien de (?:temps|jours|semaines|mois|heures|ans|années)|"
                r"quel(?:le)? (?:est )?(?:le |la )?(?:délai|durée))"
            ),
        ),
        ("when", r"(?i:\bquand\b|à quelle (?:heure|date))"),
        ("weight", r"(?i:combien pèse)"),
        ("colour", r"(?i:quelles? (?:est la )?couleurs?)"),
        ("brand", r"(?i:quelle (?:est la )?marque)"),
        ("phone", r"(?i:numéro de téléphone)"),
    ),
    "es": (
        ("price", r"(?i:cuánto (?:cuesta|cuestan|vale)|qué precio|cuál es el (?:precio|coste))"),
        ("duration", r"(?i:cuánto tiempo|cuántos (?:días|meses|años)|cuántas (?:semanas|horas)|qué plazo)"),
        ("when", r"(?i:\bcuándo\b|a qué hora)"),
        ("weight", r"(?i:cuánto pesa)"),
        ("colour", r"(?i:qué color(?:es)?)"),
        ("brand", r"(?i:qué marca)"),
        ("phone", r"(?i:número de teléfono)"),
    ),
    "it": (
        ("price", r"(?i:quanto (?:costa|costano|viene)|qual è il (?:prezzo|costo))"),
        ("duration", r"(?i:quanto tempo|quanti (?:giorni|mesi|anni)|quante (?:settimane|ore))"),
        ("when", r"(?i:\bquando\b|a che ora)"),
        ("weight", r"(?i:quanto pesa)"),
        ("colour", r"(?i:che colore)"),
        ("brand", r"(?i:che marca)"),
    ),
    "nl": (
        ("price", r"(?i:wat kost|hoeveel kost|wat (?:is|zijn) de (?:prijs|kosten))"),
        ("duration", r"(?i:hoe ?lang|hoeveel (?:dagen|weken|maanden|uur|tijd|jaar))"),
        ("when", r"(?i:\bwanneer\b|hoe laat)"),
        ("weight", r"(?i:hoe zwaar)"),
        ("colour", r"(?i:welke kleur)"),
        ("brand", r"(?i:welk merk)"),
    ),
    "pt": (
        ("price", r"(?i:quanto custa|qual é o (?:preço|custo))"),
        ("duration", r"(?i:quanto tempo|quantos (?:dias|meses|anos)|quantas (?:semanas|horas))"),
        ("when", r"(?i:\bquando\b|a que horas)"),
        ("weight", r"(?i:quanto pesa)"),
        ("colour", r"(?i:que cor)"),
        ("brand", r"(?i:que marca)"),
    ),
    "pl": (
        ("price", r"(?i:ile kosztuje|jaka jest cena)"),
        ("duration", r"(?i:jak długo|ile (?:dni|tygodni|miesięcy|czasu|lat))"),
        ("when", r"(?i:\bkiedy\b|o której)"),
        ("weight", r"(?i:ile waży)"),
        ("colour", r"(?i:jaki kolor)"),
        ("brand", r"(?i:jaka marka)"),
    ),
}
