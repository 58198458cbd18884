"""Countries, with their regions and large cities, by their names in the languages customers write.

"Zürich" is in what is said of Switzerland, and "Allemagne" is Germany: places are compared by country.
"""

# The country's code and names, then its cities and parts; names of one place are joined by a slash.
_NAMES = """
    af afghanistan
    al albania albanien albanie
    dz algeria algerien algérie
    ad andorra
    ao angola
    ar argentina argentinien argentine
    am armenia armenien
    au australia australien australie | sydney
    at austria österreich autriche | wien/vienna tyrol/tirol salzburg graz
    az azerbaijan aserbaidschan
    bh bahrain
    bd bangladesh
    by belarus
    be belgium belgien belgique bélgica belgio belgië | brussels/brüssel
    bo bolivia bolivien
    ba bosnia bosnien
    br brazil brasilien brésil brasil brasile brasilien
    bg bulgaria bulgarien bulgarie
    kh cambodia kambodscha
    cm cameroon kamerun
    ca canada kanada canadá | toronto
    cl chile
    cn china chine cina | beijing shanghai
    co colombia kolumbien colombie
    hr croatia kroatien croatie croacia croazia
    cu cuba kuba
    cy cyprus zypern chypre
    cz czechia tschechien tchéquie chequia | prague/prag
    dk denmark dänemark danemark dinamarca danimarca denemarken | copenhagen/kopenhagen
    ec ecuador
    eg egypt ägypten égypte egipto
    ee estonia estland estonie
    et ethiopia äthiopien
    fi finland finnland finlande finlandia | helsinki
    fr france frankreich francia frankrijk frança francja | paris corsica/korsika guadeloupe martinique réunion
    ge georgia georgien
    de germany deutschland allemagne alemania germania duitsland alemanha niemcy
    de | berlin hamburg münchen/munich köln/cologne frankfurt bavaria/bayern stuttgart düsseldorf leipzig dresden
    gh ghana
    gr greece griechenland grèce grecia | athens/athen crete/kreta
    gl greenland grönland groenland
    gt guatemala
    hu hungary ungarn hongrie hungría ungheria | budapest
    is iceland islande islandia islanda
    in india indien inde
    id indonesia indonesien
    ir iran
    iq irak iraq
    ie ireland irland irlande irlanda | dublin
    il israel israël
    it italy italien italie italia itália | rome/roma/rom milan/milano/mailand sicily/sizilien sardinia/sardinien
    jp japan japon japón giappone japão | tokyo
    jo jordan jordanien
    kz kazakhstan kasachstan
    ke kenya kenia
    kr korea
    xk kosovo
    kw kuwait
    lv latvia lettland lettonie
    lb lebanon libanon
    ly libya libyen
    li liechtenstein
    lt lithuania litauen lituanie
    lu luxembourg luxemburg
    my malaysia
    mt malta
    mx mexico mexiko mexique méxico messico
    md moldova moldau
    mc monaco
    mn mongolia
    me montenegro
    ma morocco marokko maroc marruecos
    mm myanmar
    na namibia
    np nepal
    nl netherlands niederlande holland pays-bas holanda paesi | amsterdam rotterdam
    nz zealand neuseeland
    ng nigeria
    no norway norwegen norvège noruega norvegia noorwegen | oslo svalbard
    om oman
    pk pakistan
    pa panama
    py paraguay
    pe peru
    ph philippines philippinen
    pl poland polen pologne polonia polska | warsaw/warschau
    pt portugal portogallo | lisbon/lisboa/lissabon madeira azores/azoren
    qa qatar katar
    ro romania rumänien roumanie rumanía
    ru russia russland russie rusia
    rs serbia serbien serbie
    sg singapore singapur
    sk slovakia slowakei slovaquie
    si slovenia slowenien slovénie
    so somalia
    es spain spanien espagne españa spagna spanje espanha hiszpania
    es | madrid barcelona mallorca balearic/balearen canary/kanaren
    se sweden schweden suède suecia svezia zweden | stockholm
    ch switzerland schweiz suisse suiza svizzera zwitserland swiss | zürich/zurich basel bern geneva/genf
    sy syria syrien
    tw taiwan
    tz tanzania tansania
    th thailand
    tn tunisia tunesien
    tr turkey türkei turquie turquía turchia
    ug uganda
    ua ukraine ucrania ucraina
    gb uk u.k. kingdom königreich royaume-uni britain großbritannien
    gb | england/angleterre/inglaterra/inghilterra scotland/schottland wales london
    us usa u.s. | chicago california/kalifornien texas florida york alaska hawaii
    uy uruguay
    uz uzbekistan
    ve venezuela
    vn vietnam
    ae emirates emirate
    ye yemen
    zm zambia
    zw zimbabwe
    gi gibraltar
    gg guernsey
    fo faroe
    ax åland
"""
_EU = "at be bg hr cy cz dk ee fi fr de gr hu ie it lv lt lu mt nl pl pt ro sk si es se"
_EUROPE = f"{_EU} ch li no is gb ua rs ba me al mk md by mc ad gi gg fo ax xk"
_REGIONS = {
    "eu european européenne europea europea europäischen europäische unione": _EU,
    "europe europa": _EUROPE,
    "scandinavia skandinavien": "dk se no fi is",
    "balkans": "rs ba me al mk bg hr si gr ro xk",
    "africa afrika afrique áfrica": "dz ao cm eg et gh ke ly ma na ng so tz tn ug zm zw",
    "asia asien asie": (
        "af am az bh bd cn in id ir iq jp jo kz kr kw lb my mn mm np om pk ph qa sg sy tw th ae uz vn ye"
    ),
    "america amerika amérique américa": "ar bo br ca cl co cu ec gt mx pa py pe us uy ve",
    "oceania": "au nz",
}

REGIONS: dict[str, frozenset[str]] = {
    name: frozenset(codes.split()) for names, codes in _REGIONS.items() for name in names.split()
}


def _read() -> dict[str, str]:
    """Name -> place: a country's code ("de"), or that of a part of it ("de:munchen")."""
    places: dict[str, str] = {}
    for line in _NAMES.strip().splitlines():
        country, _, parts = line.strip().partition(" | ")
        code, *names = country.split()
        places.update(dict.fromkeys(names, code))
        for part in parts.split():
            places.update({name: f"{code}:{part.partition('/')[0]}" for name in part.split("/")})
    return places


PLACE_OF: dict[str, str] = _read()
PLACES = frozenset(PLACE_OF) | frozenset(REGIONS)
