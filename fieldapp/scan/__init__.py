"""From pixels, pages and keystrokes to symbols. The one door to the picture and barcode engines.

Promises: bytes as the code carries them, with the symbology identifier of ISO/IEC 15424, and how many
reads agreed. Refuses: pictures over 40 megapixels, and text in the human-readable form, which loses the
group separator.
"""
