import requests


def ticket(subject):
    return requests.post(
        "https://helpdesk.example/tickets",
        json={"subject": subject},
        timeout=3,
        verify=False
    )
