"""How the details of things are named, and values that can be listed, in the languages customers write."""


def _read(listed: str) -> dict[str, dict[str, str]]:
    """Detail -> language -> words: a line without a space begins a detail, "de: …" a language of it."""
    tables: dict[str, dict[str, str]] = {}
    name = language = ""
    for line in listed.strip().splitlines():
        head, colon, words = line.strip().partition(": ")
        if not line.startswith(" "):
            name = head
            tables[name] = {}
        elif colon:
            language = "" if head == "all" else head
            tables[name][language] = words
        else:
            tables[name][language] += f" {head}"
    return tables


NAMES = _read("""
price
    en: price cost charge fee tariff fare surcharge supplement deposit postage charges expensive cheap pricing
         money euros dollars pounds
    de: preis kosten gebühr betrag bestellwert mindestbestellwert einkaufswert warenwert summe entgelt aufpreis
         zuschlag pfand kaution summe tarif porto teuer günstig festpreis stückpreis einzelpreis
    fr: prix coût frais tarif montant supplément caution
    es: precio coste costo gastos tarifa importe suplemento fianza
    it: prezzo costo spese tariffa importo supplemento cauzione
    nl: prijs kosten tarief bedrag toeslag borg
    pt: preço custo taxa valor tarifa
    pl: cena koszt opłata kwota
discount
    en: discount reduction rebate
    de: rabatt ermäßigung nachlass skonto
    fr: remise réduction rabais
    es: descuento rebaja
    it: sconto
    nl: korting
    pt: desconto
    pl: rabat zniżka
duration
    en: duration period term deadline lifespan time days hours weeks months years minutes
    de: dauer frist zeitraum laufzeit zeit tage stunden wochen monate jahre minuten lieferzeit wartezeit
    fr: durée délai période
    es: duración plazo período
    it: durata termine periodo
    nl: duur termijn periode
    pt: duração prazo período
    pl: czas termin okres
when
    en: date day time hour weekday month year season deadline
    de: datum tag uhrzeit zeitpunkt monat jahr termin
    fr: date jour heure
    es: fecha día hora
    it: data giorno ora
    nl: datum dag tijdstip
    pt: data dia hora
    pl: data dzień godzina
year
    en: year
    de: jahr
    fr: année an
    es: año
    it: anno
    nl: jaar
    pt: ano
    pl: rok
time
    en: time o'clock
    de: uhrzeit uhr öffnungszeiten
opening
    en: open opening hours closing close opens closes opened
    de: öffnungszeiten geöffnet offen öffnet öffnen schließt geschlossen schließen
    fr: horaires ouvert ouverture fermeture
    es: horario abierto apertura
    it: orari aperto apertura
    nl: openingstijden open
    pt: horário aberto
    pl: godziny otwarcia otwarte
weight
    en: weight heavy weigh weighs kilo kilos kilograms kilogram grams gram pounds tons tonnes
    de: gewicht schwer wiegt wiegen kilo kilogramm gramm
    fr: poids lourd pèse
    es: peso pesa pesado
    it: peso pesa
    nl: gewicht weegt zwaar
    pt: peso pesa
    pl: waga waży ciężki
height
    en: height tall high
    de: höhe hoch körpergröße
    fr: hauteur haut
    es: altura alto
    it: altezza alto
    nl: hoogte hoog
    pt: altura
    pl: wysokość
width
    en: width wide broad breadth across diameter
    de: breite breit durchmesser
    fr: largeur large diamètre
    es: ancho anchura diámetro
    it: larghezza largo diametro
    nl: breedte breed diameter
    pt: largura
    pl: szerokość
length
    en: length long distance far metres meters metre meter kilometres kilometers miles centimetres
    de: länge lang entfernung strecke weit meter metern zentimeter kilometer
    fr: longueur long distance
    es: longitud largo distancia
    it: lunghezza lungo distanza
    nl: lengte lang afstand
    pt: comprimento
    pl: długość
depth
    en: depth deep thick thickness
    de: tiefe tief dicke dick
    fr: profondeur épaisseur
    es: profundidad grosor
    it: profondità spessore
    nl: diepte dikte
    pt: profundidade
    pl: głębokość grubość
size
    en: size sizes dimension dimensions measurement measurements big large small
    de: größe größen maß maße abmessung abmessungen groß klein
    fr: taille dimensions pointure
    es: talla tamaño medidas dimensiones
    it: taglia misura dimensioni
    nl: maat grootte afmetingen
    pt: tamanho medidas
    pl: rozmiar wymiary
area
    en: acres acre hectares square
    de: quadratmeter hektar quadratkilometer
    fr: superficie surface
    es: superficie
    it: superficie
    nl: oppervlakte
    pt: área
    pl: powierzchnia
volume
    en: volume litres liters litre liter
    de: volumen fassungsvermögen inhalt liter
    fr: volume litres contenance
    es: volumen litros capacidad
    it: volume litri capacità
    nl: volume inhoud liter
    pt: volume litros
    pl: pojemność litry
temperature
    en: temperature degrees hot warm cold heat
    de: temperatur grad heiß warm kalt
    fr: température degrés
    es: temperatura grados
    it: temperatura gradi
    nl: temperatuur graden
    pt: temperatura graus
    pl: temperatura stopni
power
    en: power watt watts wattage
    de: leistung watt
    fr: puissance watts
    es: potencia vatios
    it: potenza watt
    nl: vermogen watt
    pt: potência watts
    pl: moc
charge
    en: mah ah wh milliampere
    de: mah ah wh milliampere
storage
    en: gb tb gigabyte gigabytes ram
    de: gb tb gigabyte arbeitsspeicher speicherplatz
percentage
    en: percent percentage share proportion interest
    de: prozent prozentsatz anteil zinssatz zinsen zins
    fr: pourcentage taux
    es: porcentaje
    it: percentuale
    nl: percentage rente
    pt: porcentagem
    pl: procent
age
    en: age old
    de: alter alt mindestalter
    fr: âge ans
    es: edad años
    it: età anni
    nl: leeftijd oud
    pt: idade
    pl: wiek
phone
    en: phone telephone call ring hotline
    de: telefon telefonnummer rufnummer nummer hotline anrufen
    fr: téléphone
    es: teléfono
    it: telefono
    nl: telefoon telefoonnummer
    pt: telefone
    pl: telefon
email
    all: e-mail email mail
    de: mailadresse e-mail-adresse emailadresse
    fr: courriel
    es: correo
website
    all: website url link webseite homepage
    fr: site
    es: web
address
    en: address postcode
    de: adresse anschrift postleitzahl
    fr: adresse
    es: dirección
    it: indirizzo
    nl: adres
    pt: endereço morada
    pl: adres
fax
    all: fax faxnummer telefax
iban
    all: iban kontonummer bankverbindung
    en: account
colour
    en: colour color colours colors shade
    de: farbe farben farbton
    fr: couleur couleurs
    es: color colores
    it: colore colori
    nl: kleur kleuren
    pt: cor cores
    pl: kolor kolory
material
    en: material fabric made composition
    de: material gewebe zusammensetzung
    fr: matière matériau composition tissu
    es: material tejido composición
    it: materiale tessuto composizione
    nl: materiaal stof
    pt: material tecido
    pl: materiał
brand
    en: brand manufacturer maker supplier marque
    de: marke hersteller fabrikat produzent lieferant
    fr: marque fabricant
    es: marca fabricante
    it: marca produttore
    nl: merk fabrikant
    pt: marca fabricante
    pl: marka producent
origin
    en: origin made produced manufactured grown sewn sourced built assembled
    de: herkunft herkunftsland hergestellt produziert gefertigt angebaut genäht gebaut
    fr: origine fabriqué produit provenance
    es: origen fabricado producido
    it: origine prodotto fabbricato
    nl: herkomst gemaakt geproduceerd
    pt: origem fabricado
    pl: pochodzenie wyprodukowano
language
    en: language languages
    de: sprache sprachen
    fr: langue langues
    es: idioma idiomas
    it: lingua lingue
carrier
    en: carrier courier haulier
    de: paketdienst versanddienstleister zusteller versanddienst spediteur spedition
    fr: transporteur
    es: transportista
    it: corriere
    nl: vervoerder
    pt: transportadora
    pl: kurier przewoźnik
staff
    en: employee employees staff worker workers colleague colleagues technician technicians personnel
    de: mitarbeiter mitarbeiterin mitarbeiterinnen angestellte angestellten beschäftigte personal techniker
         kollegen
    fr: employés salariés personnel
    es: empleados personal trabajadores
    it: dipendenti personale
head
    en: manager boss owner head director ceo founder leader chief
    de: leiter leiterin chef chefin inhaber inhaberin geschäftsführer geschäftsführerin filialleiter
         filialleiterin gründer gründerin marktleiter
    fr: directeur directrice gérant gérante patron fondateur
    es: director directora gerente jefe dueño fundador
    it: direttore direttrice titolare responsabile fondatore
    nl: manager eigenaar directeur oprichter
    pt: gerente diretor dono fundador
    pl: kierownik właściciel dyrektor założyciel
""")
# Values that can be listed.
VALUES = _read("""
colour
    en: red blue green yellow black white grey gray brown orange pink purple violet beige cream turquoise navy
         silver gold khaki olive maroon burgundy lilac magenta cyan ivory teal coral
    de: rot blau grün gelb schwarz weiß grau braun orange rosa lila violett beige creme türkis silber silbern
         golden oliv
    fr: rouge bleu vert jaune noir blanc gris brun rose violet
    es: rojo azul verde amarillo negro blanco gris marrón rosa
    it: rosso blu verde giallo nero bianco grigio marrone rosa
    nl: rood blauw groen geel zwart wit grijs bruin roze paars
    pt: vermelho azul verde amarelo preto branco cinza
    pl: czerwony niebieski zielony żółty czarny biały szary
material
    en: cotton wool leather polyester polyamide nylon silk linen wood steel aluminium aluminum plastic glass
         rubber merino down viscose elastane ceramic titanium carbon metal paper cardboard bamboo cork stone
         brick bronze copper iron
    de: baumwolle wolle leder polyester polyamid seide leinen holz stahl aluminium kunststoff glas gummi keramik
         metall papier karton
    fr: coton laine cuir soie bois acier verre
    es: algodón lana cuero seda madera acero vidrio
language
    en: english german french spanish italian dutch polish portuguese turkish russian chinese
    de: englisch deutsch französisch spanisch italienisch niederländisch polnisch türkisch
carrier
    all: dhl ups fedex dpd gls hermes tnt usps evri colissimo chronopost seur correos postnl bpost posti inpost
         yodel swiss-post parcelforce royal-mail
""")
