import { find } from '../dom';
import { linkToRoom, nameError } from './visit';

/** Enters `room` now, and then whichever room the person switches to. The page's address follows. */
export function listenToRoomForm(room: string, enter: (room: string) => void): void {
  const input = find<HTMLInputElement>('#room');
  const link = find<HTMLAnchorElement>('#second-window');
  let current = room;
  input.value = current;
  link.href = linkToRoom(current);
  enter(current);

  find('#room-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const wanted = input.value.trim();
    const error = nameError(wanted);
    find('#room-error').textContent = error ?? '';
    if (error !== undefined || wanted === current) {
      return;
    }
    current = wanted;
    const query = new URLSearchParams(location.search);
    query.set('room', current);
    history.replaceState(null, '', `?${query}`);
    link.href = linkToRoom(current);
    enter(current);
  });
}
