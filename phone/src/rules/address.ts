/** How people here write an address. The same as the server's (registry/rules.py), for doors it has not heard of. Pure. */

const PLAIN_NUMBER = /^\d+(-\d+)?[A-Za-z]?$/;
const BUILDING_NUMBER = /^(\d+[A-Za-z]?|[A-Za-z]\d*)(-\d+)?$/;
const ROWS_AND_GROUPS = /(组|排|社|队|巷|街|路|胡同)$/;

export interface Address { place?: string; building?: string; entrance?: string; room?: string }

/** `松涧里小区 3号楼2单元501`; `新光三村 2组14号`. */
export function labelOf({ place = "", building = "", entrance = "", room = "" }: Address): string {
  return `${place} ${buildingLabel(building)}${entranceLabel(entrance)}${roomLabel(building, room)}`.trim();
}

export function buildingLabel(number: string): string {
  return BUILDING_NUMBER.test(number) ? `${number}号楼` : number;
}

function entranceLabel(number: string): string {
  return BUILDING_NUMBER.test(number) ? `${number}单元` : number;
}

/** In a group or a row of bungalows a bare number is a house number. */
function roomLabel(building: string, room: string): string {
  return (!building || ROWS_AND_GROUPS.test(building)) && PLAIN_NUMBER.test(room) ? `${room}号` : room;
}
