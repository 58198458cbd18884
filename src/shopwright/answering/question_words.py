"""The words of questions: how they begin, which of them say what is asked, and which say nothing."""

# Languages that write nouns together: "Versandkosten".
COMPOUNDING = frozenset({"de", "nl", "sv", "da", "no"})
# Ways of saying that a shop's pages say in one word.
PHRASES: dict[str, dict[str, str]] = {
    "en": {
        r"(?:my |the |our )?money back": "refund",
        r"(?:send|bring|give|take|mail|ship)s? (?:it |them |this |something |\w+ )?back": "return",
        r"(?:get|be) reimbursed": "refund",
        r"pick(?:ed|ing)? (?:\w+ )?up": "collect",
        r"\w+n['’]t": "not",
    },
    "de": {
        r"(?:mein |das )?geld zurück\w*": "Erstattung",
        r"zurück(?:schicken|bringen|senden)": "zurückgeben",
    },
}
# What a thing is one of: who asks about the one is answered by what is said of the other.
KINDS_OF: dict[str, dict[str, str]] = {
    "en": {
        "cryptocurrency cryptocurrencies": "bitcoin ethereum crypto",
        "card cards": "visa mastercard amex maestro",
        "wallet": "paypal",
        "weekend": "saturday sunday",
        "pet pets animal animals": "dog dogs cat cats",
        "footwear": "shoe shoes boot boots",
    },
    "de": {
        "kryptowährung kryptowährungen": "bitcoin ethereum krypto",
        "karte karten kreditkarte kartenzahlung": "visa mastercard amex maestro girocard",
        "wochenende": "samstag sonntag samstags sonntags",
        "haustier haustiere tier tiere": "hund hunde katze katzen",
    },
}
# A question with one of these is about sending things, and there a country speaks for its cities.
SENDING: dict[str, str] = {
    "en": "deliver send return order customs duty duties import live tax",
    "de": "liefern senden zurücksenden bestellen zoll einfuhr wohne steuer",
}
# What everybody does in a shop; that somebody may do it is said without the word.
TRADE_VERBS: dict[str, str] = {
    "en": "pay buy order purchase shop bring",
    "de": "zahlen bezahlen kaufen bestellen bringen",
}
# Words of a question that need not stand in the answer, beside function words: they only say that something is asked.
EMPTY: dict[str, str] = {
    "en": """
        number numbers name names kind kinds type types sort sorts value values detail details information info way ways
        thing things something anything amount level rule exact exactly rate rates one ones case difference meaning
        answer option options possibility condition conditions requirement requirements policy reason reasons purpose
        role part parts point points place places person people example examples maximum minimum max min total last
        first next current new best right standard usual normal regular recommended permitted allowed whole average
        latest earliest highest lowest main general other different own possible available approximate good correct
        full actual same ideal perfect many much
        get gets got make makes made take takes took come comes came go goes went use uses used need needs want wants
        like would could may might must shall happen happens give gives gave know tell find say says said mean means
        see look looks work works please offer offers offered able let put keep exist exists still also ever actually
        really already yet else hi hello thanks explain describe list call called become becomes start stand stands
        include includes hold holds long often soon late high old live located kept cost costs cheap expensive heavy
        tall wide deep far
        function functions form forms feature features category categories stage phase version series variety species
        group area region field concept idea goal aim effect result cause style character most some another too times
        not someone somebody what's who's where's when's how's that's there's
    """,
    "de": """
        nummer name namen art arten sorte typ wert werte angabe angaben information informationen weise ding sache höhe
        anzahl menge regel regeln möglichkeit bedingung bedingungen voraussetzung grund gründe zweck fall unterschied
        bedeutung ort stelle person personen leute beispiel maximale maximal minimale minimal gesamte letzte erste
        nächste genaue genau aktuelle neue beste richtige normale übliche empfohlene erlaubte ganze durchschnittliche
        späteste früheste höchste niedrigste allgemeine andere eigene mögliche
        bekomme bekommen bekommt kriege haben habt hat gibt geben geht gehen gehe mache machen macht nehme nehmen nimmt
        kommen kommt komme benutzen brauche brauchen braucht möchte möchten will wollen darf dürfen dürfte muss müssen
        kann können könnte soll sollen sollte passiert passieren sagen wissen finden finde bedeutet heißt heißen lautet
        lauten steht stehen beträgt betragen liegt liegen existiert bitte eigentlich denn noch schon auch hallo danke
        bieten bietet anbieten lassen lässt ihr euch euer eure ihren etwas mal viel viele lange lang hoch mir mich gern
        gerne kostet kosten dauert dauern wiegt wiegen wann wer wurde wurden waren wird werden
        gruppe begriff bereich form phase funktion rolle idee ziel wirkung folge ergebnis stil charakter
    """,
    "fr": """
        avoir être faire peut pouvez puis dois faut aller donner trouver dire combien quel quelle quels quelles votre
        vos
    """,
    "es": """
        tener ser estar hacer puedo puede pueden debo hay ir dar encontrar decir cuánto cuánta cuántos cuántas cuál
        cuáles
    """,
    "it": """
        avere essere fare posso può possono devo bisogna andare dare trovare dire quanto quanta quanti quante quale
        quali
    """,
    "nl": "hebben zijn doen kan kunnen mag moet krijgen gaan geven vinden zeggen hoeveel welke welk",
    "pt": """
        ter ser estar fazer posso pode podem devo há ir dar encontrar dizer quanto quanta quantos quantas qual quais
    """,
    "pl": "mieć być robić mogę może można muszę trzeba iść dać znaleźć ile jaki jaka jakie który która które",
}
