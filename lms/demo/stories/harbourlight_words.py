"""What people of Harbourlight made, presented and wrote, and what came back."""

from __future__ import annotations

from lms.demo.story import Answered

PROJECTS = {
    "Odile": "How do I ask for my own health record?\n"
    "1. Ask at the desk of the clinic for the form. It is one page.\n"
    "2. Write which years. You need no reason.\n"
    "3. Bring something with your name on it. Ask what a copy costs before they make it.\n"
    "4. They have to answer within a month. Write the day on your calendar.\n"
    "Sources: the records clerk at the clinic, asked in person; the page of the privacy commissioner.\n"
    "I could not find out what happens when a clinic has closed.",
    "Marcus": "My landlord walks in without knocking. What can I do?\n"
    "1. Write down the day and the hour, three times.\n"
    "2. Ask for a day's notice in writing. A sample is on the back.\n"
    "3. If it goes on, call the tenant line. They open at ten.\n"
    "Sources: a worker of the tenant line, asked by phone; the page of the tribunal.\n"
    "I could not find out whether a room in a shared house counts in the same way.",
    "Tuyet": "Can I bring somebody along to an appointment?\n"
    "1. Yes. Say it when you book: I am bringing someone.\n"
    "2. Agree before on a sign that means: let's go.\n"
    "3. If they say no, ask for the reason in writing.\n"
    "Sources: the patient relations office, asked by phone; the sheet at our desk.\n"
    "I could not find out about visits by video.",
}
PROJECT_BACK = Answered(
    "I could do every one of these steps tomorrow.", "Put the phone number at the top, in large figures."
)

TOPICS = {
    "Odile": "Grief in winter\n\nTwo sources: a leaflet of the hospice, and a friend who said that I may quote her.",
    "Marcus": "Sleep when the room is loud\n\nTwo sources: the library's health shelf, and a night worker who lives with it.",
    "Tuyet": "Panic on the bus\n\nTwo sources: a film made by people who have it, and the transit line's own page.",
}
PRESENTATION_BACK = Answered(
    "You stopped after three points, and we asked for more.", "Try the sentence with us first."
)

EXAMS = {
    "Odile": "What you tell me stays with me and my team. If a life is in danger or a child is not safe, I get help, and I tell "
    "you first if I can. Now you know. Would you like to go on?\n\n"
    "They closed it, and told you by letter. / What did you think when you read it? / I would leave out: they must have had a "
    "reason. It takes their side.\n\n"
    "Before: we agree on two questions and a sign. During: I look at Noa and say, that is a question for Noa. After: how was "
    "that for you?\n\n"
    "What is it? What have you tried? What else could there be? Which one first? When do we look again? Max writes; I hold "
    "the paper still.\n\n"
    "Are you thinking about suicide? I stay. I say: I am going to ask Dominique to sit with us, now. I name 9-8-8. "
    "Afterwards I drink tea with somebody and go home early.\n\n"
    "No. You told me. What was good about the spring? I leave out relapse and clean.\n\n"
    "I don't give my number. I am here on Thursday, and 9-8-8 is there in the night. I tell my supervisor that you asked.\n\n"
    "The guitar. I would like to say the question aloud ten more times.",
    "Marcus": "Before you start: me and the team, unless somebody could be badly hurt or a child is not safe. I would tell you "
    "first. Okay?\n\n"
    "A letter, after all that. / What was it like to open it? / I would leave out: call them. He did not ask.\n\n"
    "I move my chair back a little and say: Noa has two questions. I write down the answers and give Noa the page.\n\n"
    "Max says the problem, Max draws three doors, Max picks one. I only ask: and on a bad day?\n\n"
    "Do you want to kill yourself? Then I sit down. I do not leave, I wave to the team and say it out loud. 9-8-8 together, "
    "if Ariel wants. Then I do my hour after.\n\n"
    "I am glad you said it. Two drinks are two drinks. I avoid slip.\n\n"
    "My number is for my family. Let's put three numbers for the night on a card. I tell my supervisor the same day.\n\n"
    "The secret. I always want to say yes.",
    "Tuyet": "I can keep a lot, and not everything: not danger, not a child who is hurt. My team knows what I know. I would tell "
    "you first.\n\n"
    "So the file is closed, and it was a letter that said so. / What is open for you now? / Not: at least.\n\n"
    "Before, Noa says what I may do. There, I look at Noa until the others do too. After, we read the notes.\n\n"
    "Five boxes. Max holds the pencil in all five.\n\n"
    "Ariel, are you thinking of suicide? I am staying. Dominique comes to us, we call 9-8-8 from here. Later I walk home "
    "the long way.\n\n"
    "No. What happened before the first glass? I avoid all words with again.\n\n"
    "I say: not my phone. And I say what there is at night.\n\n"
    "The letter. I had one like it.",
}
EXAM_BACK = Answered(
    "On the guitar you asked at once, and you did not leave. I could hear you say it.",
    "Say the question about suicide aloud once a month, so that it stays.",
)
