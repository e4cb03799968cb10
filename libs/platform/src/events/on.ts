import { EventPattern } from '@nestjs/microservices';
import type { EventOf, EventType } from '#contracts';

type HandlerDecorator<T extends EventType> = (
  target: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<(event: EventOf<T>) => Promise<void>>,
) => void;

/** Marks a controller's method as the handler of an event type; the compiler holds the two together. */
export function On<T extends EventType>(type: T): HandlerDecorator<T> {
  return EventPattern<string>(type.type) as MethodDecorator;
}
