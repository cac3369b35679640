"""A second reading of contracts, sections 3 and 4: written from the words alone, slow and direct.

Nothing here imports ``casework`` or ``reminders``; where both agree, two people read the page alike.
"""
