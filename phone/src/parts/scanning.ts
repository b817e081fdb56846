/** Reads QR codes from the camera: by the browser's own detector where it has one, else by a small decoder fetched then. */

interface Detector { detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> }
declare global {
  var BarcodeDetector: { new (options: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> } | undefined;
}

const EVERY = 160; // milliseconds: fast enough for a hand, slow enough for a battery
const SIDE = 640; // pixels the fallback looks at

/** Gives the way to stop. Throws where there is no camera or it may not be used. */
export async function startScanning(video: HTMLVideoElement, found: (code: string) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
  video.srcObject = stream;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const stop = (): void => {
    over = true;
    clearTimeout(timer);
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  try {
    const read = await reader();
    await video.play();
    const look = async (): Promise<void> => {
      if (over) return;
      const code = video.readyState >= 2 ? await read(video).catch(() => "") : "";
      if (code && !over) found(code);
      else timer = setTimeout(() => void look(), EVERY);
    };
    void look();
  } catch (error) {
    stop();
    throw error;
  }
  return stop;
}

async function reader(): Promise<(video: HTMLVideoElement) => Promise<string>> {
  if (globalThis.BarcodeDetector && (await BarcodeDetector!.getSupportedFormats().catch(() => [] as string[])).includes("qr_code")) {
    const detector = new BarcodeDetector!({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
  }
  const { default: decodeQR } = await import("qr/decode.js");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  return async (video) => {
    const side = Math.min(video.videoWidth, video.videoHeight);
    canvas.width = canvas.height = Math.min(SIDE, side);
    context.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
  };
}
