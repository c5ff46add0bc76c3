"""What people of Northside wrote, and what their trainers wrote back."""

from __future__ import annotations

from lms.demo.story import Answered, Sent

# Waiting to be read, oldest first.
WAITING = (
    Sent(
        "Hana",
        "whose-hands",
        "My neighbour could not open a jar and I took it out of her hands before she asked. It was open in two "
        "seconds. She said thank you, but she looked at her hands.\n\nI keep thinking about that look. I solved the jar "
        "and I took something too.\n\nNext time I want to ask: do you want me to do it, or hold the other side?",
        4 + 1 / 12,
    ),
    Sent(
        "Amir",
        "whose-hands",
        "When I came to this city a man at the library sat beside me while I filled in the card form. He did not write "
        "one word on it. He only said: that box can stay empty.\n\nIt was my form with my letters. I walked home taller.\n\n"
        "I would like to be the person who knows which box can stay empty.",
        3 + 1 / 12,
    ),
    Sent(
        "Théo",
        "a-habit-of-my-own",
        "Chez nous, on ne parle pas avant le premier café. Au travail, on a cru que j'étais fâché.\n\n"
        "J'aurais aimé qu'on me demande : « Le matin, tu préfères le calme? » C'est tout.\n\n"
        "Je suppose souvent que les gens silencieux vont mal. Cette semaine, je vais demander.",
        2 + 1 / 12,
    ),
    Sent(
        "Esther",
        "a-habit-of-my-own",
        "I take my shoes off at the door. At a friend's place I did it and everybody looked at my socks, one had a hole. "
        "Nobody said anything and I felt like a guest from the moon.\n\nA good question would have been: what do you do "
        "at home?\n\nI guess that people who don't look at me are not interested. I will ask Dele what eye contact is for him.",
        2 + 1 / 12,
    ),
    Sent(
        "Omar",
        "a-habit-of-my-own",
        "I call my mother every day at five. On a job once they thought I was leaving early to skip the cleaning.\n\n"
        "The question: is five o'clock important to you?\n\nMy guess to turn around: I think a person who comes late does "
        "not care. I will ask how the way here was.",
        1 + 1 / 12,
    ),
    Sent(
        "Maya",
        "a-habit-of-my-own",
        "Sundays I cook for the week and the hallway smells of it. Someone wrote a note about it, not signed.\n\n"
        "I would have liked a knock and: what are you making?\n\nThis week I will not guess what the man at table two "
        "eats. I will ask.",
        1 + 1 / 12,
    ),
)

# Came back with a question.
RETURNED = Sent(
    "Sam",
    "whose-hands",
    "My sister came with me to the bank. She talked the whole time and I sat there. It went fast.\n\n"
    "After, I could not have said what was decided.\n\nI want to let people finish.",
    4,
    answer=Answered(
        "I could see you in that chair when you wrote that you could not say what was decided. That one line says a lot "
        "about whose voice was in the room.",
        "Stay a little longer with the moment before she began to talk.",
        "What is one thing your sister could have said or done that would have left the talking with you?",
    ),
)

# A draft of Sam's.
HABIT = "I always sit near the door. My old team thought I wanted to leave."

SUPPERS = (
    "Soup, bread, and talk about the work: what went well this month, what was hard. For everyone who is in a course here "
    "or was. Come once or always."
)
