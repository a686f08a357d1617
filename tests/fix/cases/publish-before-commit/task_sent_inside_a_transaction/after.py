import functools

from celery import shared_task
from django.db import transaction

from .models import Order


@shared_task
def ship(order):
    print(order)


def place(request):
    with transaction.atomic():
        order = Order.objects.create(customer=request.user)
        transaction.on_commit(functools.partial(ship.delay, order.pk))
    return order
