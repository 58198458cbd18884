"""Countries and regions by their names in the languages customers write: an answer must not bring in a "
"new one.
"""

_NAMES = """
    afghanistan albania albanien albanie algeria algerien algérie andorra angola argentina argentinien
    argentine armenia armenien australia australien australie austria österreich autriche azerbaijan
    aserbaidschan bahrain bangladesh belarus belgium belgien belgique bélgica belgio belgië bolivia
    bolivien bosnia bosnien brazil brasilien brésil brasil brasile bulgaria bulgarien bulgarie cambodia
    kambodscha cameroon kamerun canada kanada canadá chile china chine cina colombia kolumbien colombie
    croatia kroatien croatie croacia croazia cuba kuba cyprus zypern chypre czechia tschechien tchéquie
    chequia denmark dänemark danemark dinamarca danimarca denemarken ecuador egypt ägypten égypte egipto
    estonia estland estonie ethiopia äthiopien finland finnland finlande finlandia france frankreich
    francia frankrijk frança francja georgia georgien germany deutschland allemagne alemania germania
    duitsland alemanha niemcy ghana greece griechenland grèce grecia greenland grönland groenland
    guatemala hungary ungarn hongrie hungría ungheria iceland island islande islandia islanda india indien
    inde indonesia indonesien iran irak iraq ireland irland irlande irlanda israel israël italy italien
    italie italia itália japan japon japón giappone japão jordan jordanien kazakhstan kasachstan kenya
    kenia korea kosovo kuwait latvia lettland lettonie lebanon libanon libya libyen liechtenstein
    lithuania litauen lituanie luxembourg luxemburg malaysia malta mexico mexiko mexique méxico messico
    moldova moldau monaco mongolia montenegro morocco marokko maroc marruecos myanmar namibia nepal
    netherlands niederlande holland pays-bas holanda paesi nigeria norway norwegen norvège noruega
    norvegia noorwegen oman pakistan panama paraguay peru philippines philippinen poland polen pologne
    polonia polska portugal portogallo qatar katar romania rumänien roumanie rumanía russia russland
    russie rusia scotland schottland serbia serbien serbie singapore singapur slovakia slowakei slovaquie
    slovenia slowenien slovénie somalia spain spanien espagne españa spagna spanje espanha hiszpania
    sweden schweden suède suecia svezia zweden switzerland schweiz suisse suiza svizzera zwitserland syria
    syrien taiwan tanzania tansania thailand tunisia tunesien turkey türkei turquie turquía turchia uganda
    ukraine ucrania ucraina uruguay uzbekistan venezuela vietnam wales england angleterre inglaterra
    inghilterra britain großbritannien uk usa us eu u.s. u.k. emirates emirate yemen zambia zimbabwe
    europe europa asia asien asie africa afrika afrique áfrica america amerika amérique américa oceania
    scandinavia skandinavien balkans alaska hawaii bavaria bayern tyrol tirol sicily sardinia corsica
    mallorca balearic canary réunion guadeloupe martinique madeira azores gibraltar guernsey jersey faroe
    åland svalbard berlin hamburg münchen munich köln cologne frankfurt wien vienna zürich zurich london
    paris madrid barcelona rome roma milan milano amsterdam rotterdam brussels brüssel lisbon lisboa
    warsaw warschau prague prag copenhagen stockholm oslo helsinki dublin budapest athens tokyo beijing
    shanghai sydney toronto chicago california texas florida york
"""

PLACES = frozenset(_NAMES.split())
