"""Answers as language models write them for a shop, true and false, with the passages they were given.

Written for this bench. `CASES` rows: language of the answer, passage keys, sentence, whether the passages say it.
"""

PASSAGES: dict[str, tuple[str, str, str]] = {
    # key: (language, title, text)
    "returns": (
        "en",
        "Returns and refunds",
        "You can return unworn items within 30 days of delivery. Sale items cannot be returned, but they can be "
        "exchanged for another size. The return label costs EUR 2.90, which we deduct from your refund. We refund "
        "the purchase price within 5 working days after we have received the parcel, to the payment method you used. "
        "Shoes must be sent back in their original box. Swimwear and underwear are excluded from returns.",
    ),
    "shipping": (
        "en",
        "Shipping",
        "Standard delivery within Germany takes 2 to 3 working days and costs EUR 4.90. Express delivery costs EUR "
        "12.50 and arrives on the next working day if you order before 2 pm. Orders over EUR 79 are delivered free of "
        "charge. We also ship to Austria and Switzerland; delivery there takes 4 to 6 working days. We do not deliver "
        "to packing stations or PO boxes. Bicycles are delivered by a forwarding agent who calls you beforehand.",
    ),
    "warranty": (
        "en",
        "Warranty",
        "All backpacks carry a warranty of ten years from the date of purchase. The warranty covers material and "
        "manufacturing faults. It does not cover normal wear, damage caused by airlines or stains. Keep the receipt, "
        "because we need it for every claim. Repairs under warranty are free; other repairs start at EUR 15.",
    ),
    "stores": (
        "en",
        "Our store in Leipzig",
        "The store at Karlstraße 12 is open Monday to Friday from 10:00 to 19:00 and Saturday from 10:00 to 16:00. It is "
        "closed on Sundays and public holidays. Call us on +49 341 555 01 20 or write to leipzig@wanderkiste.example. "
        "Parking is behind the building. Dogs are welcome if they are kept on a lead.",
    ),
    "prices": (
        "en",
        "Price list tents",
        "| Article | SKU | Weight | Price |\n|---|---|---|---|\n| Lumo 2 tent | LU-2001 | 2.4 kg | €249.00 |\n"
        "| Lumo 3 tent | LU-3001 | 3.1 kg | €319.00 |\n| Lumo footprint | LU-2009 | 0.4 kg | €35.50 |",
    ),
    "rueckgabe": (
        "de",
        "Rückgabe",
        "Sie können ungetragene Artikel innerhalb von 30 Tagen nach der Lieferung zurückgeben. Reduzierte Artikel sind "
        "vom Umtausch ausgeschlossen. Das Rücksendeetikett kostet 2,90 €; der Betrag wird von der Erstattung abgezogen. "
        "Die Erstattung erfolgt innerhalb von 5 Werktagen nach Eingang der Sendung. Geschenkkarten werden nicht "
        "zurückgenommen.",
    ),
    "livraison": (
        "fr",
        "Livraison",
        "La livraison standard en France coûte 6,50 € et prend 3 à 5 jours ouvrés. Elle est gratuite à partir de 100 € "
        "d'achat. Nous ne livrons pas en Corse. Vous pouvez suivre votre colis avec le lien envoyé par e-mail.",
    ),
}

CASES: tuple[tuple[str, tuple[str, ...], str, bool], ...] = (
    # true, reworded
    ("en", ("returns", "shipping"), "You can return unworn items within 30 days of delivery [1].", True),
    ("en", ("returns", "shipping"), "Yes, unworn items can be returned within 30 days after delivery. [1]", True),
    ("en", ("returns", "shipping"), "You have 30 days from delivery to return items that are unworn [1].", True),
    ("en", ("returns", "shipping"), "Sale items can't be returned, but you can exchange them for another size [1].", True),
    ("en", ("returns", "shipping"), "No, sale items cannot be returned [1].", True),
    ("en", ("returns", "shipping"), "The return label costs €2.90, and it is deducted from your refund [1].", True),
    ("en", ("returns", "shipping"), "Once we have received your parcel, we refund the purchase price within 5 working days [1].", True),
    ("en", ("returns", "shipping"), "Your refund is sent to the payment method you used [1].", True),
    ("en", ("returns", "shipping"), "Please send shoes back in their original box [1].", True),
    ("en", ("returns", "shipping"), "Underwear and swimwear are excluded from returns [1].", True),
    ("en", ("returns", "shipping"), "Swimwear and underwear cannot be returned [1].", True),
    ("en", ("shipping", "returns"), "Standard delivery within Germany costs **EUR 4.90** and takes 2–3 working days [1].", True),
    ("en", ("shipping", "returns"), "- **Express delivery:** EUR 12.50, arrives on the next working day if ordered before 2 pm [1]", True),
    ("en", ("shipping", "returns"), "Delivery is free for orders over €79 [1].", True),
    ("en", ("shipping", "returns"), "Orders above EUR 79 are delivered free of charge [1].", True),
    ("en", ("shipping", "returns"), "Yes, we ship to Austria, and delivery takes 4 to 6 working days [1].", True),
    ("en", ("shipping", "returns"), "Unfortunately, we do not deliver to PO boxes [1].", True),
    ("en", ("shipping", "returns"), "We don't deliver to packing stations [1].", True),
    ("en", ("shipping", "returns"), "Bicycles are delivered by a forwarding agent, who will call you beforehand [1].", True),
    ("en", ("shipping", "returns"), "Express costs EUR 12.50, while standard costs EUR 4.90 [1].", True),
    ("en", ("warranty", "returns"), "Our backpacks carry a 10-year warranty from the date of purchase [1].", True),
    ("en", ("warranty", "returns"), "The warranty covers manufacturing and material faults [1].", True),
    ("en", ("warranty", "returns"), "Damage caused by airlines is not covered [1].", True),
    ("en", ("warranty", "returns"), "Stains and normal wear aren't covered by the warranty [1].", True),
    ("en", ("warranty", "returns"), "Please keep your receipt, because it is needed for every claim [1].", True),
    ("en", ("warranty", "returns"), "Repairs under warranty are free of charge, and other repairs start at €15 [1].", True),
    ("en", ("stores", "returns"), "Our store in Leipzig is open Monday to Friday from 10 am to 7 pm [1].", True),
    ("en", ("stores", "returns"), "On Saturdays it is open from 10:00 to 16:00 [1].", True),
    ("en", ("stores", "returns"), "The store is closed on Sundays [1].", True),
    ("en", ("stores", "returns"), "You can call us on +49 341 5550120 or write to leipzig@wanderkiste.example [1].", True),
    ("en", ("stores", "returns"), "Dogs are welcome as long as they are kept on a lead [1].", True),
    ("en", ("stores", "returns"), "There is parking behind the building [1].", True),
    ("en", ("prices", "returns"), "The Lumo 2 tent costs €249.00 and weighs 2.4 kg [1].", True),
    ("en", ("prices", "returns"), "The Lumo 3 tent (SKU LU-3001) costs EUR 319 [1].", True),
    ("en", ("prices", "returns"), "The Lumo footprint is €35.50 [1].", True),
    ("de", ("rueckgabe",), "Ungetragene Artikel können Sie innerhalb von 30 Tagen nach der Lieferung zurückgeben [1].", True),
    ("de", ("rueckgabe",), "Das Etikett für die Rücksendung kostet 2,90 Euro und wird von der Erstattung abgezogen [1].", True),
    ("de", ("rueckgabe",), "Nein, reduzierte Artikel sind vom Umtausch ausgeschlossen [1].", True),
    ("de", ("rueckgabe",), "Geschenkkarten nehmen wir nicht zurück; sie werden nicht zurückgenommen [1].", True),
    ("de", ("rueckgabe",), "Die Erstattung erfolgt innerhalb von fünf Werktagen nach Eingang der Sendung [1].", True),
    ("fr", ("livraison",), "La livraison standard coûte 6,50 € en France et prend de 3 à 5 jours ouvrés [1].", True),
    ("fr", ("livraison",), "La livraison est gratuite à partir de 100 € d'achat [1].", True),
    ("fr", ("livraison",), "Non, nous ne livrons pas en Corse [1].", True),
    ("en", ("returns",), "Hi there! I'm happy to help.", True),
    ("en", ("returns",), "Is there anything else I can help you with?", True),
    ("en", ("returns",), "Here is what I found:", True),
    ("en", ("returns",), "I'm sorry, I couldn't find any information about that.", True),
    ("de", ("rueckgabe",), "Guten Tag! Gerne helfe ich Ihnen weiter.", True),
    ("fr", ("livraison",), "Bonjour, voici la réponse à votre question :", True),
    ("en", ("returns",), "Which size are you looking for?", True),
    # false
    ("en", ("returns", "shipping"), "You can return unworn items within 60 days of delivery [1].", False),
    ("en", ("returns", "shipping"), "You can return worn items within 30 days of delivery [1].", False),
    ("en", ("returns", "shipping"), "You can return unworn items within 30 weeks of delivery [1].", False),
    ("en", ("returns", "shipping"), "Yes, sale items can be returned [1].", False),
    ("en", ("returns", "shipping"), "Sale items can be returned within 30 days of delivery [1].", False),
    ("en", ("returns", "shipping"), "Returns are free of charge [1].", False),
    ("en", ("returns", "shipping"), "The return label costs EUR 4.90 [1].", False),
    ("en", ("returns", "shipping"), "All items can be returned within 30 days of delivery [1].", False),
    ("en", ("returns", "shipping"), "We refund the purchase price within 5 days [1].", False),
    ("en", ("returns", "shipping"), "We refund the purchase price immediately after we have received the parcel [1].", False),
    ("en", ("returns", "shipping"), "Shoes do not have to be sent back in their original box [1].", False),
    ("en", ("returns", "shipping"), "Swimwear is included in returns [1].", False),
    ("en", ("returns", "shipping"), "You can always get a store credit instead of a refund [1].", False),
    ("en", ("returns", "shipping"), "Jackets can be returned within 45 days of delivery [1].", False),
    ("en", ("shipping", "returns"), "Express delivery costs EUR 4.90 [1].", False),
    ("en", ("shipping", "returns"), "Standard delivery costs EUR 12.50 [1].", False),
    ("en", ("shipping", "returns"), "We also ship to Japan and Switzerland [1].", False),
    ("en", ("shipping", "returns"), "Orders under EUR 79 are delivered free of charge [1].", False),
    ("en", ("shipping", "returns"), "All orders are delivered free of charge [1].", False),
    ("en", ("shipping", "returns"), "Express delivery arrives on the next working day if you order after 2 pm [1].", False),
    ("en", ("shipping", "returns"), "Express delivery arrives on the next working day if you order before 5 pm [1].", False),
    ("en", ("shipping", "returns"), "We deliver to PO boxes and packing stations [1].", False),
    ("en", ("shipping", "returns"), "Parcels are delivered by DHL [1].", False),
    ("en", ("shipping", "returns"), "Delivery to Austria takes 2 to 3 working days [1].", False),
    ("en", ("shipping", "returns"), "Bicycles are delivered by a forwarding agent who emails you beforehand [1].", False),
    ("en", ("warranty", "returns"), "Our backpacks carry a lifetime warranty [1].", False),
    ("en", ("warranty", "returns"), "All tents carry a warranty of ten years from the date of purchase [1].", False),
    ("en", ("warranty", "returns"), "The warranty covers damage caused by airlines [1].", False),
    ("en", ("warranty", "returns"), "You never need the receipt for a claim [1].", False),
    ("en", ("warranty", "returns"), "All repairs are free [1].", False),
    ("en", ("warranty", "returns"), "Repairs start at EUR 50 [1].", False),
    ("en", ("stores", "returns"), "Our store in Leipzig is open on Sundays [1].", False),
    ("en", ("stores", "returns"), "On Saturdays it is open from 10:00 to 19:00 [1].", False),
    ("en", ("stores", "returns"), "Call us on +49 341 555 01 21 [1].", False),
    ("en", ("stores", "returns"), "Dogs are not welcome [1].", False),
    ("en", ("stores", "returns"), "Our store in Dresden is open Monday to Friday [1].", False),
    ("en", ("stores", "returns"), "There is free parking behind the building [1].", False),
    ("en", ("prices", "returns"), "The Lumo 2 tent costs €319.00 [1].", False),
    ("en", ("prices", "returns"), "The Lumo 3 tent weighs 2.4 kg [1].", False),
    ("en", ("prices", "returns"), "The Lumo 4 tent costs €319.00 [1].", False),
    ("en", ("prices", "returns"), "The Lumo 2 tent is in stock [1].", False),
    ("de", ("rueckgabe",), "Reduzierte Artikel können Sie umtauschen [1].", False),
    ("de", ("rueckgabe",), "Sie können ungetragene Artikel innerhalb von 14 Tagen zurückgeben [1].", False),
    ("de", ("rueckgabe",), "Die Rücksendung ist kostenlos [1].", False),
    ("de", ("rueckgabe",), "Geschenkkarten werden zurückgenommen [1].", False),
    ("de", ("rueckgabe",), "Die Erstattung erfolgt innerhalb von 5 Tagen nach Eingang der Sendung [1].", False),
    ("fr", ("livraison",), "La livraison est toujours gratuite [1].", False),
    ("fr", ("livraison",), "Nous livrons en Corse [1].", False),
    ("fr", ("livraison",), "La livraison standard coûte 5,60 € [1].", False),
    ("en", ("returns",), "Yes.", False),
    ("en", ("returns",), "Did you know that we offer free gift wrapping?", False),
    ("en", ("returns",), "Your order was shipped yesterday.", False),
)
