"""The words of a claim that a source must hold: without facts (checked apart) and without words that "
"say nothing.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from shopwright.answering.fact_extraction import Fact, facts_in
from shopwright.nlp.lexical import analyze

# Words that are no function words to a search engine, and yet claim nothing of their own.
_GENERIC: dict[str, str] = {
    "en": """
        unfortunately also well even still however already yes no once above over under within after before than please
        simply just only per via upon about around whether while whereas since until unless instead yet
        would could may might must shall let us get gets got getting one ones someone something anything
        etc always never every any all directly available example e.g i.e well thus therefore then there
        here make makes made take takes way case kind currently usually normally generally note first
        finally additionally furthermore moreover especially mainly approximately roughly exactly such
        like including among across along without cannot not like want need able possible happen
    """,
    "de": """
        leider auch sogar noch jedoch bereits ja nein sobald über unter innerhalb nach vor bitte einfach pro per
        via etwa circa ungefähr ob während seit bis außerdem zudem dabei dafür davon daher dann sowie bzw
        beziehungsweise dürfen darf müssen muss sollten sollte lassen lässt möglich immer nie alle jede
        stets natürlich gerne erhalten bekommen nur lediglich ca möchten wollen gilt gelten beträgt
        erfolgt
    """,
    "fr": """
        malheureusement
        aussi même encore cependant déjà oui non après avant dès sous sur dans chez vers environ toujours
        jamais tout tous toute toutes chaque seulement uniquement très peut peuvent pouvez doit doivent
        devez faut alors donc puis ainsi lors lorsque si comme entre hors prend être faire fait
    """,
    "es": """
        lamentablemente
        también aún todavía embargo ya sí no después antes bajo sobre dentro aproximadamente siempre nunca
        todo todos toda todas cada solo sólo solamente muy puede pueden podrá debe deben entonces luego
        así cuando como entre hacer hace
    """,
    "it": """
        purtroppo anche ancora però già sì no dopo prima sotto sopra entro circa sempre mai tutto tutti tutta tutte
        ogni solo soltanto molto può possono deve devono quindi allora poi così quando come tra fare fa
    """,
    "nl": """
        helaas ook nog echter al ja nee na voor onder boven binnen ongeveer altijd nooit alle elke ieder alleen
        slechts zeer kan kunt kunnen moet moeten dus dan toen wanneer als tussen
    """,
    "pt": """
        infelizmente também ainda porém já sim não depois antes sob sobre dentro cerca sempre nunca todo todos toda
        todas cada só somente apenas muito pode podem deve devem então assim quando como entre fazer
    """,
    "pl": """
        niestety także też jeszcze jednak już tak nie po przed pod nad w ciągu około zawsze nigdy każdy wszystkie
        tylko bardzo można może mogą należy więc wtedy gdy jak między
    """,
}
# Words for one thing in a shop. Only what may stand for each other in every sentence about one.
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "en": (
        "delivery deliver delivers delivered deliveries shipping ship ships shipped shipment dispatched",
        "cost costs price prices charge charges charged fee fees",
        "item items article articles product products goods",
        "buy bought purchase purchased purchases order ordered orders ordering",
        "receive received receives arrive arrives arrived arrival",
        "return returned returning returns send sending sent",
        "store stores shop shops",
        "parcel parcels package packages packet",
        "exchange exchanged exchanging swap swapped",
        "warranty guarantee",
        "exclude excluded excludes exclusion except",
        "begin begins began start starts started",
        "phone call telephone",
        "email e-mail mail",
        "payment pay paid pays paying",
        "customer customers buyer buyers shopper shoppers",
        "person persons people",
        "company companies business businesses firm firms",
        "write writes wrote written",
        "play plays played portrayed",
    ),
    "de": (
        "lieferung liefern geliefert lieferungen versand versenden versandt verschicken",
        "kosten kostet preis preise gebühr gebühren",
        "artikel produkt produkte ware waren",
        "kaufen gekauft kauf bestellen bestellt bestellung bestellungen",
        "zurückgeben zurücksenden rückgabe rücksendung retoure retouren zurückgegeben zurückgeschickt",
        "umtausch umtauschen umgetauscht tauschen",
        "erstattung erstatten erstattet rückerstattung",
        "geschäft laden filiale",
        "paket pakete sendung sendungen",
        "etikett rücksendeetikett",
        "leihen ausleihen verleihen verliehen geliehen ausgeliehen verleih leihe leiht mieten vermieten",
        "firma firmen unternehmen betrieb betriebe",
    ),
    "fr": (
        "livraison livrer livré livrés livrons expédition expédier expédié",
        "coût coûte coûtent prix frais",
        "article articles produit produits",
        "acheter achat achats commande commander commandé",
        "retour retourner retournés renvoyer renvoi",
        "remboursement rembourser remboursé",
        "magasin boutique",
        "colis paquet",
    ),
    "es": (
        "envío enviar envíos entrega entregar",
        "coste costo cuesta cuestan precio precios gastos",
        "artículo artículos producto productos",
        "comprar compra pedido pedidos",
        "devolver devolución devoluciones",
        "reembolso reembolsar",
        "tienda tiendas",
        "paquete paquetes",
    ),
    "it": (
        "spedizione spedire spediamo consegna consegnare",
        "costo costa costano prezzo prezzi",
        "articolo articoli prodotto prodotti",
        "acquistare acquisto ordine ordini ordinare",
        "reso resi restituire restituzione",
        "rimborso rimborsare",
        "negozio negozi",
        "pacco pacchi",
    ),
}

_CAN_NOT = re.compile(
    r"\b(?:can|wo|could|would|should|do|does|did|is|are|was|were|has|have|had|must)n?['’]t\b|\bcannot\b",
    re.IGNORECASE,
)
_CONTRACTED = re.compile(r"(?<=[a-z])['’](?:m|re|ll|s|d|ve)\b", re.IGNORECASE)


@lru_cache(maxsize=8192)
def claim_terms(text: str, language: str) -> tuple[str, ...]:
    """Return the content terms of a text in order, facts left out, synonyms brought to one."""
    return terms_without_facts(text, facts_in(text, language), language)


def terms_without_facts(text: str, facts: Sequence[Fact], language: str) -> tuple[str, ...]:
    """Like `claim_terms`, for a text whose facts are known."""
    for fact in reversed(facts):
        # Names of articles keep their codes: "LU-2001" is a fact, and no more than that.
        text = f"{text[: fact.start]} , {text[fact.end :]}"
    if language == "en":
        text = _CONTRACTED.sub(" ", _CAN_NOT.sub(" not", text))
    same, nothing = _tables(language)
    return tuple(same.get(term, term) for term in analyze(text, language) if term not in nothing)


@lru_cache(maxsize=8192)
def same_terms(text: str, language: str) -> tuple[str, ...]:
    """Return the search terms of a text in order, synonyms of shops brought to one."""
    same, _ = _tables(language)
    return tuple(same.get(term, term) for term in analyze(text, language))


@lru_cache(maxsize=64)
def _tables(language: str) -> tuple[dict[str, str], frozenset[str]]:
    same: dict[str, str] = {}
    for group in _SYNONYMS.get(language, ()):
        terms = analyze(group, language)
        for term in terms:
            # "e-mail" is also cut into its parts; "e" alone is no word for it.
            if len(term) > 1:
                same.setdefault(term, terms[0])
    return same, frozenset(analyze(_GENERIC.get(language, ""), language))
