"""Words that decide whether a sentence claims something, and whether a source agrees with it."""

import re

# Turns a statement round. "n't" is cut off its verb before looking here.
NEGATORS: dict[str, frozenset[str]] = {
    language: frozenset(listed.split())
    for language, listed in {
        "en": "not no never cannot cant none nor neither nobody nothing without n't dont doesnt wont "
        "isnt arent "
        "except excluding excludes excluded exclude unable impossible forbidden prohibited hardly",
        "de": "nicht kein keine keinen keinem keiner keines nie niemals ohne weder nichts niemand "
        "ausgeschlossen ausgenommen außer unmöglich verboten",
        "fr": "ne n' pas aucun aucune jamais sans ni rien personne sauf exclu exclue exclus exclues "
        "impossible interdit",
        "es": "no nunca jamás ningún ninguna ninguno sin ni nada nadie tampoco excepto excluido "
        "excluidos excluidas "
        "imposible prohibido",
        "it": "non nessun nessuno nessuna mai senza né niente nulla escluso esclusi escluse esclusa "
        "tranne impossibile "
        "vietato",
        "nl": "niet geen nooit zonder noch niets niemand behalve uitgesloten onmogelijk verboden",
        "pt": "não nunca jamais nenhum nenhuma sem nem nada ninguém exceto excluído excluídos impossível proibido",
        "pl": "nie nigdy żaden żadna żadne bez ani nic nikt oprócz wykluczone niemożliwe",
    }.items()
}
# "not only", "no later than": these words take the turn back or give it another sense
NOT_A_NEGATION = re.compile(
    r"\bnot (?:only|just|merely)\b|\bno (?:later|earlier|more|less|fewer|longer) than\b|\bno matter\b|"
    r"^\W*(?:no|nein|non|nee|não|nie)\s*[,.:;–—-]|\bwhether or not\b|\bif not\b|\bwhy not\b|"
    r"\bnicht nur\b|\bnon seulement\b|\bpas seulement\b|\bno s[oó]lo\b|\bnon solo\b|\bniet alleen\b|"
    r"\bnão só\b|"
    r"\bnie tylko\b|\bno (?:problem|worries)\b|\bkein problem\b",
    re.IGNORECASE,
)
# Languages whose negator also stands behind what it turns round: "Das Angebot gilt nicht".
NEGATOR_BEHIND = frozenset({"de", "nl"})

# Each class in an answer must be in its source. Phrases may hold spaces.
STRONG: dict[str, str] = {
    "all": r"all|every|everyone|everybody|everything|each|always|any|entire|entirely|whole|"
    r"alle[nrms]?|jede[nrms]?|immer|sämtliche[nrms]?|ganze[nrms]?|"
    r"tous|toutes?|tout|chaque|toujours|tod[oa]s?|cada|siempre|cualquier|"
    r"tutt[oiae]|ogni|sempre|qualsiasi|elke?|ieder|iedere|altijd|todos|todas|qualquer|wszystk\w+|"
    r"każd\w+|zawsze|"
    r"daily|täglich",
    "never": r"never|nie|niemals|jamais|nunca|mai|nooit|nigdy|under no circumstances|auf keinen fall",
    "free": r"free(?! ?time)|complimentary|no (?:extra |additional )?(?:charge|cost|fee)s?|at no cost|"
    r"without (?:extra |additional )?(?:charge|cost)|"
    r"kostenlos\w*|gratis|kostenfrei\w*|umsonst|unentgeltlich\w*|versandkostenfrei\w*|"
    r"gratuit\w*|offerte?s?|sans frais|gratuito?s?|gratuita?s?|sin (?:coste|costo|gastos)|"
    r"senza (?:costi|spese)|omaggio|kosteloos|grátis|sem custos?|bezpłatn\w+|za darmo|darmow\w+",
    "only": r"only|exclusively|solely|just|nur|ausschließlich|lediglich|seulement|uniquement|exclusivement|"
    r"s[oó]lo|solamente|únicamente|exclusivamente|soltanto|solo|solamente|esclusivamente|unicamente|"
    r"alleen|uitsluitend|slechts|apenas|somente|só|tylko|wyłącznie|jedynie",
    "unlimited": r"unlimited|lifetime|life ?long|unbegrenzt\w*|lebenslang\w*|illimité\w*|à vie|ilimitad\w+|"
    r"illimitat\w+|a vita|onbeperkt\w*|levenslang\w*|nieograniczon\w+|dożywotni\w*|forever|indefinitely",
    "guaranteed": r"guarantees?|guaranteed|garantier\w+|garanti\w*|garantiz\w+|garantit\w+|gegarandeerd|"
    r"gwarant\w+|"
    r"warranty|warranties|gewährleistung|garantía|garanzia|100 ?%",
    "at_once": r"immediately|instantly|instant|at once|right away|same[- ]day|sofort\w*|umgehend\w*|"
    r"immédiat\w+|"
    r"inmediat\w+|immediat\w+|onmiddellijk|direct|imediat\w+|natychmiast\w*",
    "most": r"best|cheapest|lowest|highest|fastest|largest|biggest|greatest|oldest|longest|most|"
    r"beste[nrms]?|günstigste[nrms]?|niedrigste[nrms]?|schnellste[nrms]?|größte[nrms]?|höchste[nrms]?",
    "automatic": r"automatic\w*|automatisch\w*|automatique\w*|automátic\w+|automaticamente|automatyczn\w+",
}
# weaker evidence that is as good in the source: "worldwide" says "all", a price of nothing says "free"
SAME_AS: dict[str, str] = {
    "all": r"both|worldwide|weltweit|no matter|regardless|unabhängig|whichever|whatever|24/7",
    "free": r"(?<![\d.,])0(?:[.,]00)? ?(?:€|eur|usd|gbp)|(?:€|\$|£) ?0(?:[.,]00)?(?![\d.,])|we (?:pay|"
    r"cover|bear)|"
    r"wir (?:übernehmen|tragen)|at our expense",
    "most": r"\w{3,}(?:est|ste[nrms]?)",
    "never": r"not|no|cannot|nicht|kein\w*|pas|non|niet|não",
    "only": r"except|excluding|but no|außer|solely|limited to|must",
    "at_once": r"straight away|within minutes|seconds",
    "guaranteed": r"assured?|promise\w*|warrant\w*|ensure[sd]?",
    "unlimited": r"no limit|without limit|any number",
    "automatic": r"by itself|on its own",
}
# "any" and "all" also stand in questions and conditions, where they claim nothing.
WEAK_ALL = frozenset({"any", "each", "whole", "entire", "cada", "ganze", "ganzen"})

# (one side, the other): an answer with one where the source only has the other says the opposite
OPPOSITES: tuple[tuple[str, str], ...] = (
    (
        r"before|prior to|earlier than|vor|avant|antes de|prima di",
        r"after|later than|nach|après|después de|dopo|na",
    ),
    (
        (
            r"(?:more|greater|higher|longer|larger) than|over|above|exceed\w*|at least|minimum|"
            r"min\.|mehr als|über|ab|mindestens|plus de|au moins|más de|al menos|più di|almeno|"
            r"meer dan|minstens|mais de|pelo menos|from|or more|starting at"
        ),
        (
            r"(?:less|lower|fewer|shorter|smaller) than|under|below|at most|up to|maximum|max\.|"
            r"no more than|weniger als|unter|höchstens|bis zu|maximal|moins de|au plus|jusqu.à|"
            r"menos de|como máximo|hasta|meno di|al massimo|fino a|minder dan|hoogstens|tot|"
            r"or less"
        ),
    ),
    (
        r"includ(?:e|es|ed|ing)|inklusive|inkl\.|enthalten|inclu\w*|inbegrepen",
        r"exclud(?:e|es|ed|ing)|zzgl\.|zuzüglich|exklusive|excl\w*",
    ),
    (
        r"allowed|permitted|erlaubt|permis\w*|permitid\w+|toegestaan",
        r"forbidden|prohibited|verboten|interdit\w*|prohibid\w+",
    ),
    (
        r"possible|möglich|possibile|posible|mogelijk",
        r"impossible|unmöglich|impossibile|imposible|onmogelijk",
    ),
    (
        r"increas\w+|rises?|rose|raised|grew|grows?",
        r"decreas\w+|falls?|fell|reduc\w+|shrank|shrinks?|lowered",
    ),
    (
        r"opens?|opened|geöffnet|ouverte?s?|abiert[oa]s?|apert[oiae]",
        r"clos(?:e|es|ed)|geschlossen|fermée?s?|cerrad[oa]s?|chius[oiae]",
    ),
    (r"with", r"without"),
    (r"mit", r"ohne"),
    (r"avec", r"sans"),
    (r"con", r"sin|senza"),
    (r"online", r"in[- ]stores?|in (?:the|our|a) (?:store|shop)s?|offline|im laden|in der filiale"),
    (r"refundable|returnable|exchangeable|washable", r"non-?refundable|non-?returnable|unreturnable"),
    (r"unworn|unused|unopened|ungetragen\w*|unbenutzt\w*", r"worn|used|opened|getragen\w*|benutzt\w*"),
    (
        r"in stock|available|lieferbar|verfügbar",
        r"out of stock|sold out|unavailable|ausverkauft|nicht verfügbar",
    ),
    (r"north\w*|northern", r"south\w*|southern"),
    (r"east|eastern", r"west|western"),
    (r"first", r"last|final"),
    (r"won|wins?|winner", r"lost|loses?|loser"),
    (r"accept\w*|akzeptier\w*", r"reject\w*|refus\w*|declin\w*"),
    (r"mandatory|required|must|compulsory|verpflichtend|pflicht", r"optional|voluntary|freiwillig"),
    (r"cold", r"hot|warm"),
    (r"enabled?", r"disabled?"),
)

# What talks about the conversation and not about the shop. A sentence of these alone claims nothing.
CONVERSATION: dict[str, str] = {
    "en": """
        hello hi hey dear welcome thanks thank please sorry apologies apologize unfortunately sure course
        certainly absolutely of glad happy gladly pleasure great good nice day morning evening help helps
        helping helped assist assistance support team contact ask asking question questions answer answers
        answered let know tell say says see look looking find found here there need needs further more
        anything something else information info details detail following follows below above according
        based source sources document documents documentation page policy article passage section
        knowledge conversation feel free would like want wish hope hopefully understand clarify explain
        show give provide best try get back touch colleague colleagues human person agent operator connect
        forward hand concern inquiry request reach reaching out wonderful luck note summary short quick
        overview point points steps might may can could will shall able available enough exactly sure
        certain directly bot assistant am today now moment specific regarding question's about topic
    """,
    "de": """
        hallo hi guten tag morgen abend liebe lieber danke vielen dank bitte gern gerne leider
        entschuldigung tut leid natürlich selbstverständlich klar sicher helfen hilfe weiterhelfen helfe
        unterstützen unterstützung team kontakt kontaktieren frage fragen antwort antworten wissen lassen
        sagen sag hier finden finde gefunden weitere weiteren mehr etwas anderes information informationen
        infos details folgende folgenden folgendes unten oben laut gemäß quelle quellen dokument dokumente
        dokumenten unterlagen seite abschnitt möchten möchte wünschen hoffe verstehe erkläre zeigen geben
        kollege kollegen kollegin mensch person mitarbeiter verbinden weiterleiten anliegen anfrage
        überblick kurz zusammenfassung schritte punkte genau genauer heute jetzt moment freue freuen ob
        dazu darüber kann können könnte darf jederzeit
    """,
    "fr": """
        bonjour salut bonsoir bienvenue merci veuillez svp désolé désolée malheureusement bien sûr
        certainement plaisir aider aide aidez équipe contacter contactez contact question questions
        réponse répondre savoir dire voici voilà trouver trouvé autre autres plus chose information
        informations détails suivant suivante suivants suivantes ci-dessous selon source sources document
        documents page section souhaitez souhaite voulez voudrais espère comprends expliquer montrer
        donner collègue humain personne conseiller transmettre demande aperçu bref résumé étapes points
        précisément aujourd'hui maintenant moment hésitez pas besoin
    """,
    "es": """
        hola buenos buenas días tardes noches bienvenido gracias favor siento lamento lamentablemente
        claro supuesto gusto encantado ayudar ayuda ayudo ayudarte ayudarle equipo contactar contacte
        contacto pregunta preguntas respuesta responder saber decir aquí encontrar encontrado otra otro
        más algo información detalles siguiente siguientes según fuente fuentes documento documentos
        página sección desea deseas quiere quieres gustaría espero entiendo explicar mostrar dar compañero
        humano persona agente transferir consulta resumen pasos puntos hoy ahora momento dude necesita
        necesitas
    """,
    "it": """
        ciao salve buongiorno buonasera benvenuto grazie prego favore spiace dispiace scusi purtroppo
        certo certamente piacere lieto aiutare aiuto aiutarla aiutarti squadra team contattare contatti
        contatto domanda domande risposta rispondere sapere dire ecco trovare trovato altro altra altre
        più qualcosa informazioni dettagli seguente seguenti secondo fonte fonti documento documenti
        pagina sezione desidera vuole vuoi vorrebbe spero capisco spiegare mostrare dare collega umano
        persona operatore trasferire richiesta riassunto passi punti oggi adesso momento esiti bisogno
    """,
    "nl": """
        hallo hoi goedemorgen goedemiddag goedenavond welkom dank bedankt alstublieft sorry helaas
        natuurlijk zeker graag plezier helpen hulp help team contact vraag vragen antwoord antwoorden
        weten laten zeggen hier vinden gevonden verder verdere meer iets anders informatie details
        volgende onderstaande volgens bron bronnen document documenten pagina sectie wilt wil wenst hoop
        begrijp uitleggen tonen geven collega mens persoon medewerker doorverbinden doorsturen verzoek
        overzicht kort samenvatting stappen punten vandaag nu moment gerust
    """,
    "pt": """
        olá oi bom boa dia tarde noite bem-vindo obrigado obrigada favor desculpe desculpa lamento
        infelizmente claro certamente prazer ajudar ajuda ajudo ajudá-lo equipe equipa contactar contatar
        contacto contato pergunta perguntas dúvida dúvidas resposta responder saber dizer aqui encontrar
        encontrei outra outro mais algo informação informações detalhes seguinte seguintes segundo fonte
        fontes documento documentos página seção deseja quer gostaria espero entendo explicar mostrar dar
        colega humano pessoa atendente transferir pedido resumo passos pontos hoje agora momento precisa
        precisar
    """,
    "pl": """
        cześć dzień dobry witam dziękuję proszę przepraszam niestety oczywiście chętnie miło pomóc pomoc
        pomogę zespół kontakt skontaktować pytanie pytania odpowiedź odpowiedzieć wiedzieć powiedzieć oto
        znaleźć znalazłem jeszcze więcej coś innego informacje informacji szczegóły następujące poniżej
        według źródło źródła dokument dokumenty strona sekcja chcesz chciałby mam nadzieję rozumiem
        wyjaśnić pokazać dać kolega człowiek osoba konsultant przekazać prośba podsumowanie kroki punkty
        dziś teraz moment potrzebujesz
    """,
}

# Of these a sentence that claims nothing has at least one. Without, it is an answer in disguise:
# "Of course you can." says yes to whatever was asked.
TALK = re.compile(
    r"(?<!\w)(?:hello|hi|hey|dear|welcome|thank\w*|sorry|apolog\w+|unfortunately|help\w*|assist\w*|glad|"
    r"happy|questions?|answers?|"
    r"ask\w*|know|tell|find|found|look\w*|here|inform\w+|details?|contact\w*|reach\w*|connect|forward|"
    r"explain|summary|"
    r"overview|steps?|points?|following|below|sources?|documents?|pages?|sections?|understand|clarify|"
    r"morning|evening|note|"
    r"hallo|guten|danke|dank|leider|entschuldigung|helfe\w*|hilfe|weiterhelfen|unterstütz\w+|gerne?|"
    r"fragen?|antwort\w*|wissen|"
    r"finde\w*|gefunden|informationen|folgend\w*|quellen?|dokument\w*|überblick|kontakt\w*|verstehe|"
    r"weiterleiten|"
    r"bonjour|bonsoir|salut|bienvenue|merci|désolée?|malheureusement|aide\w*|questions?|réponses?|"
    r"savoir|voici|trouv\w+|"
    r"informations?|suivante?s?|contact\w*|comprends|"
    r"hola|buen[oa]s|gracias|siento|lamento|lamentablemente|ayud\w+|preguntas?|respuestas?|saber|"
    r"encontr\w+|información|"
    r"siguientes?|contact\w*|entiendo|"
    r"ciao|salve|buongiorno|buonasera|benvenut\w|grazie|spiace|dispiace|purtroppo|aiut\w+|domand\w|"
    r"rispost\w|ecco|trov\w+|"
    r"informazioni|seguent\w|contatt\w+|capisco|"
    r"hoi|goede\w+|welkom|bedankt|helaas|help\w*|vra(?:ag|gen)|antwoord\w*|weten|hier|vind\w*|gevonden|"
    r"informatie|volgende|begrijp|"
    r"olá|oi|bom|boa|obrigad[oa]|desculpe|infelizmente|ajud\w+|perguntas?|dúvidas?|respostas?|aqui|"
    r"encontr\w+|informaç\w+|"
    r"cześć|dzień|witam|dziękuję|przepraszam|niestety|pom\w+|pytani\w|odpowied\w+|oto|znalaz\w+|"
    r"informacj\w)(?!\w)",
    re.IGNORECASE,
)

# "I could not find anything about ...": says what the sources lack, and may name what was asked.
DECLINES = re.compile(
    r"^\W*(?:(?:i am|i'm|we are|we're) (?:very |so )?(?:sorry|"
    r"afraid)[,.;:—–-]?\s*(?:but\s+)?(?:that\s+)?|sorry[,.]?\s*(?:but\s+)?|"
    r"unfortunately[,]?\s*)?(?:i|we|the (?:sources?|documents?|passages?|provided \w+|information|"
    r"texts?|knowledge base)"
    r"(?: (?:provided|given|i have|available))?|this|that information|it|there)\s+"
    r"(?:(?:could|can|do|does|did|was|were|is|are)(?:\s?n[o']t|not)\s+(?:able to\s+)?"
    r"(?:find|have|see|know|say|contain|mention|include|state|tell|specify|provide|cover|answer|any|"
    r"enough|mentioned|stated|"
    r"specified|sure|certain|address)|is no (?:information|mention)|(?:has|have|found|find) (?:no|"
    r"nothing)|cannot (?:find|say|tell|answer)|"
    r"can't (?:find|say|tell|answer))|"
    r"^\W*(?:leider\s+)?(?:(?:dazu|darüber|hierzu)\s+)?(?:ich|wir|die (?:quellen|dokumente|unterlagen)|"
    r"dazu|darüber)?\s*"
    r"(?:konnte|kann|habe|finde|fand|enthalten|erwähnen|sagen|steht|weiß)\b.{0,60}\b(?:nicht|keine?n?|"
    r"nichts)\b|"
    r"^\W*(?:malheureusement[, ]*)?(?:je|nous|les (?:sources|documents))\s+(?:ne|"
    r"n['’])\s*\w+.{0,40}\b(?:pas|aucune?|rien)\b|"
    r"^\W*(?:lamentablemente[, ]*|lo siento[,; ]*(?:pero )?)?(?:no (?:he podido|pude|puedo|tengo|"
    r"encuentro|encontré)|las fuentes no|los documentos no)|"
    r"^\W*(?:purtroppo[, ]*)?(?:non (?:ho|trovo|riesco|posso|so)|le fonti non|i documenti non)|"
    r"^\W*(?:helaas[, ]*)?(?:ik (?:kon|kan|heb|vind)|de bronnen)\b.{0,40}\b(?:niet|geen|niets)\b|"
    r"^\W*(?:infelizmente[, ]*)?(?:não (?:encontrei|consegui|tenho|posso|sei)|as fontes não)|"
    r"^\W*(?:niestety[, ]*)?nie (?:znalazł\w+|mogę|mam|wiem)",
    re.IGNORECASE,
)
# after one of these a decline goes on to claim something
GOES_ON = re.compile(
    r"[,;:–—-]\s*(?:but|so|because|since|as|we|you|they|it|there|however|aber|denn|weil|wir|sie|mais|"
    r"car|nous|pero|porque|ma|"
    r"perché|maar|want|mas|ale)\b|\b(?:but|because|however|therefore|so) (?:we|you|it|they)\b|;",
    re.IGNORECASE,
)
RHETORICAL = re.compile(
    r"^\W*(?:did you know|isn't|aren't|doesn't|don't you|why not|wussten sie|wusstest du|saviez|sabías|"
    r"sabía|lo sapev)",
    re.IGNORECASE,
)
BARE_YES_NO = re.compile(
    r"^\W*(?:yes|no|yep|nope|correct|right|exactly|ja|nein|doch|oui|non|si|sí|sì|no|nee|sim|não|tak|nie)\W*$",
    re.IGNORECASE,
)
