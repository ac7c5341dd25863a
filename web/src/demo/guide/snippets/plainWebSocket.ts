export function say(baseUrl: string, room: string, content: string) {
  return new Promise<string>((resolve, reject) => {
    const ws = new WebSocket(`${baseUrl.replace(/^http/, 'ws')}/ws`);
    ws.onopen = () => {
      ws.send(JSON.stringify({ user_id: 'ann', room, join: {} }));
      ws.send(JSON.stringify({ user_id: 'ann', room, content }));
    };
    ws.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.sequence) {
        resolve(`#${message.sequence} ${message.content}`);
        ws.close();
      }
    };
    ws.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
  });
}
